#pragma once

#include <memory>
#include <thread>

#include <QObject>
#include <QString>

#include "base/pace.h"
#include "data/data_set.h"
#include "evaluation/evaluate.h"

namespace frostline {

/// What a session's network made of a split, and the data that it was asked about.
struct EvaluatedSplit {
    Evaluation evaluation;
    std::shared_ptr<const DataSplits> data;

    const DataSet& samples() const;
};

/// Evaluates a session on a thread of its own. GUI thread; the destructor stops the thread and waits, which
/// takes no longer than a batch.
class EvaluationJob : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    ~EvaluationJob() override;

    /// What was asked for before is stopped and no longer told. `data` are the session's, or empty: then they
    /// are read.
    void start(const QString& folder, Split split, std::shared_ptr<const DataSplits> data);
    void stop();

Q_SIGNALS:
    void progressed(qint64 done, qint64 all);
    void ended(const std::shared_ptr<const frostline::EvaluatedSplit>& result);
    void failed(const QString& problem);

private:
    void run(int request, const std::string& folder, Split split, std::shared_ptr<const DataSplits> data,
             const std::stop_token& stop);
    void tell(int request, const Result<std::shared_ptr<const EvaluatedSplit>>& result);

    int m_request = 0;
    Pace m_pace;
    std::jthread m_thread;
};

} // namespace frostline
