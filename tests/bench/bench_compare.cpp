// How long the Compare page takes over 20 sessions of 10,000 steps each: reading them, each redraw, each
// change of what is lit up, and the longest time the event loop was held up. Run it with
// QT_QPA_PLATFORM=offscreen, or on a display; sizes may be given: bench_compare SESSIONS STEPS. It asserts
// nothing.

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTimer>
#include <QWidget>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "compare/compare_page.h"
#include "compare/curves_tab.h"
#include "compare/hover_link.h"
#include "compare/overlay_plot.h"
#include "compare/session_table.h"
#include "compare/session_table_model.h"
#include "ui/session_folder.h"

using namespace frostline;

namespace {

void spinUntil(const std::function<bool()>& done)
{
    QEventLoop loop;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
        if (done())
            loop.quit();
    });
    timer.start(1);
    loop.exec();
}

void measure(const char* what, int times, const std::function<void(int)>& work)
{
    std::vector<double> milliseconds;
    for (int i = 0; i < times; ++i) {
        QElapsedTimer timer;
        timer.start();
        work(i);
        milliseconds.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    std::ranges::sort(milliseconds);
    std::printf("%s: median %.1f ms, longest %.1f ms\n", what, milliseconds[milliseconds.size() / 2],
                milliseconds.back());
}

void measureRedraws(ComparePage& page, const QStringList& folders)
{
    auto& plot = page.findChild<CurvesTab*>()->plot();
    auto* canvas = page.findChild<QWidget*>(QStringLiteral("overlayCanvas"));
    const auto redraw = [canvas] { QMetaObject::invokeMethod(canvas, "replot", Qt::DirectConnection); };
    measure("whole redraw", 20, [&](int) {
        plot.fit();
        redraw();
    });
    measure("redraw with another run lit up", 20, [&](int i) {
        page.hover().setRun(folders[i % folders.size()]);
        redraw();
    });
    page.hover().setRun({});
    measure("redraw of validation curves alone", 20, [&](int i) {
        plot.setShowsTraining(false);
        redraw();
        plot.setShowsTraining(i == 19);
    });
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const int sessions = argc > 1 ? std::atoi(argv[1]) : 20;
    const Step steps = argc > 2 ? std::atoll(argv[2]) : 10'000;
    QTemporaryDir folder;
    QStringList folders;
    for (int i = 0; i < sessions; ++i) {
        auto session = test::sampleSession("run " + std::to_string(i), steps, 0.05 * i, steps / 20);
        folders.append(QString::fromStdString(test::keep(folder.path().toStdString(), session).string()));
    }
    ComparePage page;
    page.resize(1400, 900);
    page.show();
    QElapsedTimer since;
    QTimer ticks;
    qint64 longest = 0;
    QObject::connect(&ticks, &QTimer::timeout, &page, [&] { longest = std::max(longest, since.restart()); });
    since.start();
    ticks.start(0);
    QElapsedTimer timer;
    timer.start();
    page.setSessionsFolder(folder.path());
    spinUntil([&] { return page.table().model().entries().size() == static_cast<std::size_t>(sessions); });
    std::printf("listed %d sessions: %lld ms\n", sessions, timer.restart());
    longest = 0;
    since.restart();
    page.select(folders);
    const auto& plot = page.findChild<CurvesTab*>()->plot();
    spinUntil([&] { return plot.runs().size() == static_cast<std::size_t>(sessions); });
    std::printf("read and laid over one another: %lld ms; longest hold of the event loop %lld ms\n",
                timer.elapsed(), longest);
    measureRedraws(page, folders);
    return 0;
}
