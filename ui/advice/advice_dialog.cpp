#include "advice/advice_dialog.h"

#include <QButtonGroup>
#include <QDialogButtonBox>
#include <QEvent>
#include <QGridLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "advice/advice_picture.h"
#include "advice/advice_text.h"
#include "theme/colours.h"
#include "theme/icons.h"
#include "theme/tip_text.h"

namespace frostline {

namespace {

constexpr QSize kDefaultSize(640, 680);

QLabel* wrapped(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    return label;
}

void setObstacle(QPushButton& button, const QString& obstacle, const QString& otherwise)
{
    button.setEnabled(obstacle.isEmpty());
    button.setToolTip(tipText(obstacle.isEmpty() ? otherwise : obstacle));
}

} // namespace

AdviceDialog::AdviceDialog(QWidget* parent) : QDialog(parent)
{
    setWindowTitle(tr("Advice"));
    setObjectName(QStringLiteral("adviceDialog"));
    auto* intro = wrapped(this);
    intro->setText(
        tr("Where to put the frost line, and at which rate to train what is above it. Looking changes "
           "nothing; what is advised is done only when you press Apply."));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Apply | QDialogButtonBox::Close, this);
    m_apply = buttons->button(QDialogButtonBox::Apply);
    m_apply->setObjectName(QStringLiteral("applyAdvice"));
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(intro);
    layout->addWidget(createQuestion());
    layout->addWidget(createProgressRow());
    layout->addWidget(createAnswer(), 1);
    layout->addWidget(buttons);
    connect(m_apply, &QPushButton::clicked, this, &AdviceDialog::applyRequested);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    resize(kDefaultSize);
    showNothing(QString());
}

QWidget* AdviceDialog::createQuestion()
{
    auto* box = new QGroupBox(tr("Compared with what the weights were trained for, your task is"), this);
    auto* layout = new QVBoxLayout(box);
    m_choices = new QButtonGroup(box);
    const auto add = [&](Likeness likeness, const char* name, const QString& text) {
        auto* choice = new QRadioButton(text, box);
        choice->setObjectName(QString::fromLatin1(name));
        m_choices->addButton(choice, static_cast<int>(likeness));
        layout->addWidget(choice);
    };
    add(Likeness::Same, "same", tr("the &same: the same classes, perhaps from another camera or place"));
    add(Likeness::Similar, "similar", tr("s&imilar: other classes of the same kind, as cats are after dogs"));
    add(Likeness::Different, "different",
        tr("&different: another kind of samples, as X-rays are after photographs"));
    add(Likeness::Unknown, "unknown", tr("&unknown to me: go by what is measured"));
    m_choices->button(static_cast<int>(Likeness::Unknown))->setChecked(true);
    connect(m_choices, &QButtonGroup::idClicked, this, &AdviceDialog::likenessChosen);
    return box;
}

QWidget* AdviceDialog::createProgressRow()
{
    auto* row = new QWidget(this);
    m_state = wrapped(row);
    m_state->setObjectName(QStringLiteral("adviceState"));
    m_state->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_progress = new QProgressBar(row);
    m_progress->setAccessibleName(tr("How far the look at the network has come"));
    m_look = new QPushButton(tr("&Look again"), row);
    m_look->setObjectName(QStringLiteral("lookAgain"));
    m_cancel = new QPushButton(tr("&Cancel"), row);
    m_cancel->setObjectName(QStringLiteral("cancelLook"));
    m_cancel->setToolTip(tr("Stop looking"));
    for (auto* button : {m_look, m_cancel})
        button->setAutoDefault(false);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_state, 1);
    layout->addWidget(m_progress, 1);
    layout->addWidget(m_look);
    layout->addWidget(m_cancel);
    connect(m_look, &QPushButton::clicked, this, &AdviceDialog::lookRequested);
    connect(m_cancel, &QPushButton::clicked, this, &AdviceDialog::cancelRequested);
    return row;
}

QWidget* AdviceDialog::createAnswer()
{
    m_answer = new QWidget(this);
    auto policy = m_answer->sizePolicy();
    policy.setRetainSizeWhenHidden(true); // What is above it stays where it is.
    m_answer->setSizePolicy(policy);
    m_picture = new AdvicePicture(m_answer);
    m_headline = wrapped(m_answer);
    m_headline->setObjectName(QStringLiteral("adviceHeadline"));
    QFont font = m_headline->font();
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() * 1.25);
    m_headline->setFont(font);
    m_figures = wrapped(m_answer);
    m_figures->setObjectName(QStringLiteral("adviceFigures"));
    auto* list = new QWidget;
    m_reasons = new QGridLayout(list);
    m_reasons->setContentsMargins(0, 0, 0, 0);
    m_reasons->setColumnStretch(1, 1);
    auto* scroll = new QScrollArea(m_answer);
    scroll->setWidget(list);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("Reasons"));
    auto* layout = new QVBoxLayout(m_answer);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_headline);
    layout->addWidget(m_figures);
    layout->addWidget(m_picture);
    layout->addWidget(scroll, 1);
    return m_answer;
}

Likeness AdviceDialog::likeness() const
{
    return static_cast<Likeness>(m_choices->checkedId());
}

void AdviceDialog::setLooking(bool isLooking)
{
    m_progress->setVisible(isLooking);
    m_cancel->setVisible(isLooking);
    m_look->setVisible(!isLooking);
}

void AdviceDialog::showProgress(int done, int all)
{
    m_state->setText(tr("Looking at features and gradients…"));
    m_progress->setRange(0, all);
    m_progress->setValue(done);
    setLooking(true);
    m_answer->hide();
    setApplyObstacle(tr("The network is still being looked at"));
}

void AdviceDialog::showNothing(const QString& why)
{
    setLooking(false);
    m_state->setText(why);
    m_answer->hide();
    setApplyObstacle(tr("There is no advice yet"));
}

void AdviceDialog::showAdvice(const Advice& advice, const QString& remark)
{
    setLooking(false);
    m_advice = advice;
    m_state->setText(remark);
    m_picture->setAdvice(advice);
    m_headline->setText(headline(advice));
    m_figures->setText(
        tr("%1   ·   Confidence: %2").arg(rateText(advice), confidenceText(advice.confidence)));
    addReasons(advice);
    m_answer->show();
}

void AdviceDialog::clearReasons()
{
    while (auto* item = m_reasons->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void AdviceDialog::addReasons(const Advice& advice)
{
    clearReasons();
    const int extent = fontMetrics().height();
    int row = 0;
    for (const auto& reason : advice.reasons) {
        auto* mark = new QLabel(this);
        mark->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
        mark->setFixedWidth(extent + 4);
        if (reason.isDoubt) {
            mark->setPixmap(icon(QStringLiteral("warning"), warningColour(palette())).pixmap(extent));
            mark->setToolTip(tr("Makes the advice less certain"));
            mark->setAccessibleName(mark->toolTip());
        } else {
            mark->setText(QStringLiteral("•"));
        }
        auto* text = wrapped(this);
        text->setObjectName(QStringLiteral("adviceReason"));
        text->setText(reasonText(reason, advice));
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_reasons->addWidget(mark, row, 0);
        m_reasons->addWidget(text, row, 1);
        ++row;
    }
    auto* rest = new QWidget(this);
    m_reasons->addWidget(rest, row, 0);
    m_reasons->setRowStretch(row, 1);
}

void AdviceDialog::setLookObstacle(const QString& obstacle)
{
    setObstacle(*m_look, obstacle, tr("Look at features and gradients of the draft as it is now"));
}

void AdviceDialog::setApplyObstacle(const QString& obstacle)
{
    setObstacle(*m_apply, obstacle,
                tr("Set the layers' ticks and the learning rate so; Ctrl+Z takes it back"));
}

void AdviceDialog::changeEvent(QEvent* event)
{
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_advice && m_reasons)
        addReasons(*m_advice);
}

} // namespace frostline
