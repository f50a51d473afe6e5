#pragma once

#include <optional>
#include <vector>

#include <QWidget>

#include "training/range_test.h"

class QLabel;
class QPushButton;

namespace frostline {

/// A range test's suggestions side by side, each a button that takes its rate. One that cannot be taken says
/// why. GUI thread.
class SuggestionRow : public QWidget {
    Q_OBJECT
public:
    explicit SuggestionRow(QWidget* parent = nullptr);

    void setSuggestions(const std::vector<RateSuggestion>& suggestions);
    /// Why no rate can be taken now, whichever it is; empty where it can.
    void setObstacle(const QString& obstacle);

Q_SIGNALS:
    void rateChosen(double rate);

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Entry {
        RateSuggestion suggestion;
        QPushButton* button = nullptr;
        QLabel* text = nullptr;
    };

    void addEntry(RateMethod method);
    void showEntry(const Entry& entry) const;
    void showAll() const;

    std::vector<Entry> m_entries;
    QString m_obstacle;
};

} // namespace frostline
