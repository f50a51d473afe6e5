// The window. See frostline-cli for the same core without one.

#include <cstring>
#include <span>

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>

#include "base/machine.h"
#include "session/session_store.h"
#include "theme/appearance.h"
#include "theme/icons.h"
#include "window/main_window.h"
#include "window/settings.h"

namespace {

using namespace frostline;

struct StartOptions {
    QString path;
    RunOptions run;
};

/// Help and version have to work where there is no display.
bool asksForTextOnly(std::span<char*> arguments)
{
    for (const char* argument : arguments) {
        for (const char* text : {"-h", "--help", "--help-all", "-v", "--version"}) {
            if (std::strcmp(argument, text) == 0)
                return true;
        }
    }
    return false;
}

void setNames()
{
    QCoreApplication::setOrganizationName(QStringLiteral("frostline"));
    QCoreApplication::setApplicationName(QStringLiteral("frostline"));
    QCoreApplication::setApplicationVersion(QStringLiteral(FROSTLINE_VERSION));
}

StartOptions parse(const QCoreApplication& application, const Settings& settings)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "Explore which layers of a neural network to freeze."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(
        QStringLiteral("file"),
        QCoreApplication::translate("main", "A recipe, or the folder of a saved session."),
        QStringLiteral("[RECIPE|SESSION_FOLDER]"));
    const QCommandLineOption sessions(QStringLiteral("sessions"),
                                      QCoreApplication::translate("main", "Folder to keep sessions in."),
                                      QStringLiteral("DIR"), settings.sessionsFolder());
    const QCommandLineOption threads(
        QStringLiteral("threads"),
        QCoreApplication::translate("main", "Threads to compute with; 0 is one for each core."),
        QStringLiteral("N"), QStringLiteral("0"));
    const QCommandLineOption device(QStringLiteral("device"),
                                    QCoreApplication::translate("main", "auto, cpu or cuda."),
                                    QStringLiteral("D"), QStringLiteral("auto"));
    parser.addOptions({sessions, threads, device});
    parser.process(application);

    StartOptions options;
    options.path = parser.positionalArguments().value(0);
    options.run.sessionsFolder = QDir(parser.value(sessions)).absolutePath().toStdString();
    options.run.threads = parser.value(threads).toInt();
    options.run.device = parser.value(device).toStdString();
    return options;
}

} // namespace

int main(int argc, char* argv[])
{
    tuneAllocator();
    setNames();
    if (asksForTextOnly(std::span(argv, static_cast<std::size_t>(argc)).subspan(1))) {
        const QCoreApplication application(argc, argv);
        parse(application, Settings());
        return 0;
    }
    QApplication application(argc, argv);
    QApplication::setApplicationDisplayName(QStringLiteral("Frostline"));
    QApplication::setDesktopFileName(QStringLiteral("io.github.frostline.Frostline"));
    QApplication::setWindowIcon(icon(QStringLiteral("frostline")));
    Settings settings;
    const auto options = parse(application, settings);
    applyAppearance(settings.appearance());
    MainWindow window(settings, options.run);
    window.openAtStart(options.path);
    window.show();
    return QApplication::exec();
}
