#pragma once

#include <QObject>

#include "data/survey.h"

namespace frostline {

/// Looks at data on another thread: a folder of a million files takes seconds. GUI thread.
class SurveyJob : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// What was asked for before is no longer told.
    void start(const QString& path);

Q_SIGNALS:
    void found(const frostline::DataSurvey& survey);
    void failed(const QString& problem);

private:
    void tell(int request, const Result<DataSurvey>& survey);

    int m_request = 0;
};

} // namespace frostline
