#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

namespace frostline {

/// Does work that takes a while, as reading files does, on a thread of the pool. `then(context, ...)` on
/// what comes back goes on in the context's thread, and not at all once the context is gone.
template <class Work>
auto inBackground(Work work) -> QFuture<std::invoke_result_t<Work>>
{
    auto promise = std::make_shared<QPromise<std::invoke_result_t<Work>>>();
    auto future = promise->future();
    QThreadPool::globalInstance()->start([promise, work = std::move(work)] {
        promise->start();
        promise->addResult(work());
        promise->finish();
    });
    return future;
}

} // namespace frostline
