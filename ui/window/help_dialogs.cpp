#include "window/help_dialogs.h"

#include <algorithm>

#include <QAction>
#include <QCoreApplication>
#include <QMainWindow>
#include <QMessageBox>

#include "theme/icons.h"

namespace frostline {

namespace {

QMessageBox* boxOver(QWidget* parent, const QString& title, const QString& text)
{
    auto* box = new QMessageBox(parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(title);
    box->setTextFormat(Qt::RichText);
    box->setText(text);
    return box;
}

QString rowOf(const QAction* action)
{
    return QStringLiteral("<tr><td>%1</td><td width=\"24\"></td><td><b>%2</b></td></tr>")
        .arg(action->text().remove(QLatin1Char('&')).toHtmlEscaped(),
             action->shortcut().toString(QKeySequence::NativeText).toHtmlEscaped());
}

} // namespace

void showAbout(QWidget* parent)
{
    auto* box = boxOver(
        parent, QMessageBox::tr("About Frostline"),
        QMessageBox::tr("<h3>Frostline %1</h3>"
                        "<p>A workbench for exploring which layers of a neural network to freeze.</p>"
                        "<p>Frost line: the depth down to which the ground is frozen. Here: the border in "
                        "a network between what is frozen and what learns.</p>"
                        "<p>GPL-3.0-or-later. Built on LibTorch, Qt %2 and QCustomPlot.</p>")
            .arg(QCoreApplication::applicationVersion(), QString::fromLatin1(qVersion())));
    box->setIconPixmap(icon(QStringLiteral("frostline")).pixmap(64));
    box->open();
}

void showShortcuts(QMainWindow* window)
{
    QStringList rows;
    for (const auto* action : window->findChildren<QAction*>()) {
        if (!action->shortcut().isEmpty() && !action->text().isEmpty())
            rows.append(rowOf(action));
    }
    rows.removeDuplicates();
    std::ranges::sort(rows);
    boxOver(window, QMessageBox::tr("Keyboard shortcuts"),
            QStringLiteral("<table>%1</table>").arg(rows.join(QString())))
        ->open();
}

} // namespace frostline
