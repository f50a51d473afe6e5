// The window while it trains: when its first frame stood, when the first step was done, and how long its
// event loop was held up (the gaps of a 5 ms timer, those 5 ms included). Run it with
// QT_QPA_PLATFORM=offscreen, or on a display. bench_event_loop [RECIPE [FOLDER [THREADS [LAUNCHED]]]]: trains
// the default demo where no recipe is given; sessions go to FOLDER, or away; LAUNCHED is when it was started,
// in seconds of the monotonic clock, and main() where it is not told. Prints a line of JSON. It asserts
// nothing.

#include <QApplication>
#include <QElapsedTimer>
#include <QPaintEvent>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "base/machine.h"
#include "run/run_controller.h"
#include "window/main_window.h"
#include "window/settings.h"
#include "window/window_actions.h"

using namespace frostline;

namespace {

double monotonicSeconds()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Notes when a widget has been painted for the first time.
class FirstFrame : public QObject {
public:
    explicit FirstFrame(QWidget& widget) { widget.installEventFilter(this); }
    double at() const { return m_at; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Paint) {
            watched->removeEventFilter(this);
            // Its children are painted in the same pass.
            QTimer::singleShot(0, this, [this] { m_at = monotonicSeconds(); });
        }
        return false;
    }

private:
    double m_at = 0.0;
};

/// Starts training when the recipe is ready and ends the program with the run.
class Watch {
public:
    explicit Watch(MainWindow& window) : m_run(window.parts().run)
    {
        m_ticks.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_ticks, &QTimer::timeout, &window, [this] { tick(); });
        QObject::connect(m_run, &RunController::metricsArrived, &window, [this] {
            if (m_firstStep == 0.0)
                m_firstStep = monotonicSeconds();
        });
        QObject::connect(m_run, &RunController::failed, &window, [](const QString& why) {
            std::fprintf(stderr, "%s\n", why.toUtf8().constData());
            QApplication::exit(1);
        });
        QObject::connect(m_run, &RunController::stateChanged, &window,
                         [this, &window](RunController::State state) {
                             if (state == RunController::State::Ready && m_started == 0.0) {
                                 m_started = monotonicSeconds();
                                 window.actions()->startPause->trigger();
                             }
                             if (state == RunController::State::Ended)
                                 QApplication::quit();
                         });
        m_since.start();
        m_ticks.start(5);
    }

    void print(double launched, double firstFrame)
    {
        std::ranges::sort(m_gaps);
        std::printf("{\"first_frame\": %.6f, \"first_step\": %.6f, \"first_step_after_start\": %.6f, "
                    "\"gaps\": %zu, \"median_gap\": %.6f, \"gap_99\": %.6f, \"longest_gap\": %.6f, "
                    "\"session\": \"%s\"}\n",
                    firstFrame - launched, m_firstStep - launched, m_firstStep - m_started, m_gaps.size(),
                    gapAt(0.5), gapAt(0.99), gapAt(1.0), m_run->sessionFolder().toUtf8().constData());
    }

private:
    void tick()
    {
        const auto gap = static_cast<double>(m_since.nsecsElapsed()) / 1e9;
        m_since.restart();
        if (m_run->state() == RunController::State::Running)
            m_gaps.push_back(gap);
    }
    double gapAt(double share) const
    {
        const auto last = static_cast<double>(m_gaps.size()) - 1.0;
        return m_gaps.empty() ? 0.0 : m_gaps[static_cast<std::size_t>(share * last)];
    }

    RunController* m_run;
    QTimer m_ticks;
    QElapsedTimer m_since;
    std::vector<double> m_gaps;
    double m_started = 0.0;
    double m_firstStep = 0.0;
};

} // namespace

int main(int argc, char** argv)
{
    const double began = monotonicSeconds();
    tuneAllocator();
    QApplication application(argc, argv);
    const auto arguments = QApplication::arguments();
    QTemporaryDir folder;
    Settings settings(folder.filePath(QStringLiteral("settings.ini")));
    RunOptions options;
    options.sessionsFolder = arguments.value(2, folder.path()).toStdString();
    options.threads = arguments.value(3).toInt();
    const double launched = arguments.size() > 4 ? arguments[4].toDouble() : began;
    MainWindow window(settings, options);
    const FirstFrame frame(window);
    Watch watch(window);
    window.resize(1440, 900);
    window.openAtStart(arguments.value(1));
    window.show();
    const int code = QApplication::exec();
    if (code == 0)
        watch.print(launched, frame.at());
    return code;
}
