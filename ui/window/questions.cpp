#include "window/questions.h"

#include <QDir>
#include <QDirIterator>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>

namespace frostline {

namespace {

QMessageBox* questionOver(QWidget* parent, const QString& text, const QString& details)
{
    auto* box = new QMessageBox(QMessageBox::Question, QString(), text, QMessageBox::Cancel, parent);
    box->setInformativeText(details);
    box->setAttribute(Qt::WA_DeleteOnClose);
    return box;
}

void addChoice(QMessageBox* box, const QString& text, const QString& name, QMessageBox::ButtonRole role,
               const std::function<void()>& action)
{
    auto* button = box->addButton(text, role);
    button->setObjectName(name);
    QObject::connect(button, &QPushButton::clicked, box, action);
}

QString contentsOf(const QString& folder)
{
    QStringList lines;
    qint64 bytes = 0;
    QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        files.next();
        bytes += files.fileInfo().size();
        lines.append(QDir(folder).relativeFilePath(files.filePath()));
    }
    constexpr int kMostLines = 8;
    const auto more = lines.size() - kMostLines;
    lines = lines.mid(0, kMostLines);
    if (more > 0)
        lines.append(QMessageBox::tr("and %1 more files").arg(more));
    return QMessageBox::tr("%1, %2:\n%3")
        .arg(QDir::toNativeSeparators(folder), QLocale().formattedDataSize(bytes),
             lines.join(QLatin1Char('\n')));
}

} // namespace

void askHowToClose(QWidget* parent, const std::function<void()>& keep, const std::function<void()>& discard)
{
    auto* box = questionOver(
        parent, QMessageBox::tr("A run is going on. What shall become of it?"),
        QMessageBox::tr("Stop and keep ends it here and saves its session. Discard removes the session with "
                        "everything that was learned."));
    addChoice(box, QMessageBox::tr("&Stop and keep"), QStringLiteral("closeKeep"), QMessageBox::AcceptRole,
              keep);
    addChoice(box, QMessageBox::tr("&Discard"), QStringLiteral("closeDiscard"), QMessageBox::DestructiveRole,
              discard);
    box->open();
}

void askToStopForBranch(QWidget* parent, const std::function<void()>& stop)
{
    auto* box =
        questionOver(parent, QMessageBox::tr("Stop the run to branch from it?"),
                     QMessageBox::tr("A branch begins with what is saved. The run ends here, its session "
                                     "is kept, and it can be resumed later."));
    addChoice(box, QMessageBox::tr("&Stop, keep and branch"), QStringLiteral("stopForBranch"),
              QMessageBox::AcceptRole, stop);
    box->open();
}

void askToLeaveQueue(QWidget* parent, const QString& run, int waiting, const std::function<void()>& leave)
{
    const QString text =
        waiting > 0 ? QMessageBox::tr("The queue is running “%1”, and %2 more wait.").arg(run).arg(waiting)
                    : QMessageBox::tr("The queue is running “%1”.").arg(run);
    auto* box = questionOver(parent, text,
                             QMessageBox::tr("Stop and keep ends the run here and saves its session: the "
                                             "queue is there again at the next start, and the run can be "
                                             "resumed."));
    addChoice(box, QMessageBox::tr("&Stop and keep"), QStringLiteral("leaveQueue"), QMessageBox::AcceptRole,
              leave);
    box->open();
}

void askToDiscard(QWidget* parent, const QString& sessionFolder, const std::function<void()>& discard)
{
    auto* box = questionOver(parent, QMessageBox::tr("Discard this session? It cannot be brought back."),
                             contentsOf(sessionFolder));
    addChoice(box, QMessageBox::tr("&Discard"), QStringLiteral("discardSession"),
              QMessageBox::DestructiveRole, discard);
    box->setDefaultButton(QMessageBox::Cancel);
    box->open();
}

} // namespace frostline
