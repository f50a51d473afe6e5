#pragma once

#include <optional>

#include <QDialog>

#include "advice/advice.h"

class QAbstractButton;
class QButtonGroup;
class QGridLayout;
class QLabel;
class QProgressBar;
class QPushButton;

namespace frostline {

class AdvicePicture;

/// Asks how close the task is, and shows what is advised and why. It decides nothing and changes nothing: its
/// owner looks, advises and applies. GUI thread.
class AdviceDialog : public QDialog {
    Q_OBJECT
public:
    explicit AdviceDialog(QWidget* parent = nullptr);

    Likeness likeness() const;

    /// `done` of `all` parts of the look are over; what was shown before goes.
    void showProgress(int done, int all);
    /// Why there is nothing to show.
    void showNothing(const QString& why);
    /// `remark` is what the advice leaves open; empty where nothing is.
    void showAdvice(const Advice& advice, const QString& remark);
    /// Why it cannot be looked again now; empty where it can.
    void setLookObstacle(const QString& obstacle);
    /// Why Apply would do nothing; empty where it would do something.
    void setApplyObstacle(const QString& obstacle);

Q_SIGNALS:
    void likenessChosen();
    void lookRequested();
    void cancelRequested();
    void applyRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* createQuestion();
    QWidget* createProgressRow();
    QWidget* createAnswer();
    void addReasons(const Advice& advice);
    void clearReasons();
    void setLooking(bool isLooking);

    QButtonGroup* m_choices = nullptr;
    QLabel* m_state = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton* m_look = nullptr;
    QPushButton* m_cancel = nullptr;
    QPushButton* m_apply = nullptr;
    QWidget* m_answer = nullptr;
    AdvicePicture* m_picture = nullptr;
    QLabel* m_headline = nullptr;
    QLabel* m_figures = nullptr;
    QGridLayout* m_reasons = nullptr;
    std::optional<Advice> m_advice;
};

} // namespace frostline
