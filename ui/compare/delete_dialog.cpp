#include "compare/delete_dialog.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace frostline {

namespace {

struct Amount {
    qlonglong files = 0;
    qint64 bytes = 0;
};

Amount amountOf(const std::vector<SessionStore::Content>& contents)
{
    Amount amount;
    for (const auto& content : contents) {
        ++amount.files;
        amount.bytes += static_cast<qint64>(content.bytes);
    }
    return amount;
}

QString sizeText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1);
}

QString question(const std::vector<Doomed>& sessions)
{
    Amount all;
    for (const auto& session : sessions) {
        const auto amount = amountOf(session.contents);
        all.files += amount.files;
        all.bytes += amount.bytes;
    }
    const QString what = sessions.size() == 1
                             ? DeleteDialog::tr("Delete the session “%1”?").arg(sessions.front().name)
                             : DeleteDialog::tr("Delete %1 sessions?").arg(sessions.size());
    return DeleteDialog::tr("<b>%1</b><br>%2 files, %3, are removed for good.")
        .arg(what.toHtmlEscaped(), QLocale().toString(all.files), sizeText(all.bytes));
}

} // namespace

DeleteDialog::DeleteDialog(const std::vector<Doomed>& sessions, QWidget* parent) : QDialog(parent)
{
    setWindowTitle(tr("Delete"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* text = new QLabel(question(sessions), this);
    text->setWordWrap(true);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(createList(sessions), 1);
    layout->addWidget(createButtons());
    resize(520, 340);
}

QWidget* DeleteDialog::createList(const std::vector<Doomed>& sessions)
{
    auto* list = new QTreeWidget(this);
    list->setObjectName(QStringLiteral("doomedFiles"));
    list->setAccessibleName(tr("Files that are removed"));
    list->setHeaderLabels({tr("File"), tr("Size")});
    list->setSelectionMode(QAbstractItemView::NoSelection);
    for (const auto& session : sessions) {
        const auto amount = amountOf(session.contents);
        auto* top =
            new QTreeWidgetItem(list, {QDir::toNativeSeparators(session.folder), sizeText(amount.bytes)});
        top->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        for (const auto& content : session.contents) {
            const auto file = QString::fromStdString(content.file.string());
            auto* item = new QTreeWidgetItem(top, {file, sizeText(static_cast<qint64>(content.bytes))});
            item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        }
    }
    list->expandAll();
    list->header()->setStretchLastSection(false);
    list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    return list;
}

QWidget* DeleteDialog::createButtons()
{
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    auto* remove = buttons->addButton(tr("&Delete"), QDialogButtonBox::DestructiveRole);
    remove->setObjectName(QStringLiteral("deleteForGood"));
    remove->setAutoDefault(false);
    buttons->button(QDialogButtonBox::Cancel)->setDefault(true);
    buttons->button(QDialogButtonBox::Cancel)->setFocus();
    connect(remove, &QPushButton::clicked, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    return buttons;
}

} // namespace frostline
