#include "window/branch_dialog.h"

#include <algorithm>
#include <limits>

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSpinBox>

namespace frostline {

BranchDialog::BranchDialog(const QString& session, Step lastStep, Step likelyStep, QWidget* parent)
    : QDialog(parent),
      m_step(new QSpinBox(this)),
      m_keepLater(new QCheckBox(tr("Make its &later changes again"), this))
{
    setWindowTitle(tr("Branch"));
    const int last = static_cast<int>(std::min<Step>(lastStep, std::numeric_limits<int>::max()));
    m_step->setObjectName(QStringLiteral("branchStep"));
    m_step->setRange(0, last);
    m_step->setGroupSeparatorShown(true);
    m_step->setValue(static_cast<int>(likelyStep));
    m_keepLater->setObjectName(QStringLiteral("branchKeepLater"));
    m_keepLater->setToolTip(tr(
        "What was changed from this step on is changed at the same steps again, beside what you change now"));
    auto* text = new QLabel(tr("A branch shares all steps before this one with %1, which stays as it is. "
                               "From there on it is trained anew.")
                                .arg(session),
                            this);
    text->setWordWrap(true);
    text->setTextFormat(Qt::PlainText);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("&Branch"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* form = new QFormLayout(this);
    form->addRow(text);
    form->addRow(tr("&Step (0 to %1)").arg(QLocale().toString(last)), m_step);
    form->addRow(m_keepLater);
    form->addRow(buttons);
    m_step->selectAll();
}

Step BranchDialog::step() const
{
    return m_step->value();
}

bool BranchDialog::keepsLater() const
{
    return m_keepLater->isChecked();
}

} // namespace frostline
