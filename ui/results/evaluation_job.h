#pragma once

#include <atomic>
#include <memory>
#include <stop_token>

#include <QObject>
#include <QString>
#include <QTimer>

#include "data/data_set.h"
#include "evaluation/evaluate.h"

namespace frostline {

/// What a session's network made of a split, and the data that it was asked about.
struct EvaluatedSplit {
    Evaluation evaluation;
    std::shared_ptr<const DataSplits> data;

    const DataSet& samples() const;
};

/// Evaluates a session on another thread. GUI thread; nothing here waits for the other one: what is no longer
/// wanted is told to stop, ends by itself, and is not heard of again.
class EvaluationJob : public QObject {
    Q_OBJECT
public:
    explicit EvaluationJob(QObject* parent = nullptr);
    ~EvaluationJob() override;

    /// What was asked for before is forgotten. `data` are the session's, or empty: then they are read.
    void start(const QString& folder, Split split, std::shared_ptr<const DataSplits> data);
    /// What was evaluated up to now is still told. While data are read there is nothing to tell, and it is
    /// forgotten; returns whether something will be told.
    bool stop();
    void forget();

Q_SIGNALS:
    void progressed(qint64 done, qint64 all);
    void ended(const std::shared_ptr<const frostline::EvaluatedSplit>& result);
    void failed(const QString& problem);

private:
    struct Progress {
        std::atomic<qint64> done{0};
        std::atomic<qint64> all{0};
    };
    using Told = Result<std::shared_ptr<const EvaluatedSplit>>;

    static Told evaluated(const std::string& folder, Split split, std::shared_ptr<const DataSplits> data,
                          const std::shared_ptr<Progress>& progress, const std::stop_token& stop);
    void tell(int request, const Told& result);

    int m_request = 0; ///< The newest; results of others are not told.
    std::stop_source m_stop;
    std::shared_ptr<Progress> m_progress;
    QTimer m_look; ///< At how far it has come.
};

} // namespace frostline
