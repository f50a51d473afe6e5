#pragma once

#include <QDialog>

#include "fetch/fetch.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QTreeView;

namespace frostline {

class CatalogModel;
class FetchJob;

/// The catalogue of weights and data, and getting what is wanted of it. Closing it stops what is being got;
/// what has come is kept for the next time. GUI thread.
class FetchDialog : public QDialog {
    Q_OBJECT
public:
    explicit FetchDialog(QWidget* parent = nullptr);
    ~FetchDialog() override;

protected:
    void changeEvent(QEvent* event) override;

private:
    void createTable();
    QLayout* createProgress();
    QLayout* createButtons();
    void loadEntries();
    int row() const;
    void get();
    void copyReference();
    void showSelected();
    void showProgress(const FetchProgress& progress);
    void showEnd(const FetchResult& result);
    void showError(const QString& text);
    void say(const QString& text, bool isError);
    void showSign();
    void updateButtons();

    CatalogModel* m_model;
    FetchJob* m_job;
    QTreeView* m_table = nullptr;
    QLabel* m_about = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_remaining = nullptr;
    QLabel* m_sign = nullptr;
    QLabel* m_message = nullptr;
    QPushButton* m_get = nullptr;
    QPushButton* m_cancel = nullptr;
    QPushButton* m_copy = nullptr;
    bool m_isError = false;
};

/// Opens the dialog over a window, or brings the one that is open to the front.
void showFetchDialog(QWidget* window);

} // namespace frostline
