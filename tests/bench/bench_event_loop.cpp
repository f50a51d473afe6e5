// How long the window's event loop is held up while the default demo trains: prints the gaps of a 5 ms timer.
// Run it with QT_QPA_PLATFORM=offscreen, or on a display. It asserts nothing.

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>

#include "base/machine.h"
#include "run/run_controller.h"
#include "window/main_window.h"
#include "window/settings.h"
#include "window/window_actions.h"

using namespace frostline;

namespace {

void print(std::vector<qint64> gaps)
{
    std::ranges::sort(gaps);
    const auto at = [&gaps](double share) {
        return static_cast<double>(
                   gaps[static_cast<std::size_t>(share * static_cast<double>(gaps.size() - 1))]) /
               1e6;
    };
    std::printf("%zu gaps while training: median %.1f ms, 99 %% %.1f ms, longest %.1f ms\n", gaps.size(),
                at(0.5), at(0.99), at(1.0));
}

} // namespace

int main(int argc, char** argv)
{
    tuneAllocator();
    QApplication application(argc, argv);
    QTemporaryDir folder;
    Settings settings(folder.filePath(QStringLiteral("settings.ini")));
    RunOptions options;
    options.sessionsFolder = folder.path().toStdString();
    MainWindow window(settings, options);
    window.resize(1440, 900);
    window.show();
    window.openAtStart(QString());

    auto* run = window.parts().run;
    std::vector<qint64> gaps;
    QElapsedTimer since;
    QTimer ticks;
    ticks.setTimerType(Qt::PreciseTimer);
    QObject::connect(&ticks, &QTimer::timeout, &window, [&] {
        const auto gap = since.nsecsElapsed();
        since.restart();
        if (run->state() == RunController::State::Running)
            gaps.push_back(gap);
    });
    QObject::connect(run, &RunController::stateChanged, &window, [&](RunController::State state) {
        if (state == RunController::State::Ready)
            window.actions()->startPause->trigger();
        if (state == RunController::State::Ended)
            QApplication::quit();
    });
    since.start();
    ticks.start(5);
    QApplication::exec();
    if (gaps.empty())
        return 1;
    print(std::move(gaps));
    return 0;
}
