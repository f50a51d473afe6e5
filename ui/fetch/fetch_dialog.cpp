#include "fetch/fetch_dialog.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>

#include "fetch/catalog_model.h"
#include "fetch/fetch_job.h"
#include "fetch/fetch_text.h"
#include "fetch/places.h"
#include "theme/colours.h"
#include "theme/icons.h"

namespace frostline {

namespace {

constexpr QSize kDefaultSize(860, 620);
constexpr int kProgressSteps = 1000;
constexpr int kSignSize = 16;
constexpr int kLicenceWidth = 220;

QLabel* wrappedLabel(const QString& name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

FetchDialog::FetchDialog(QWidget* parent)
    : QDialog(parent),
      m_model(new CatalogModel(this)),
      m_job(new FetchJob(this))
{
    setWindowTitle(tr("Get weights and data"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout(this);
    createTable();
    m_about = wrappedLabel(QStringLiteral("fetchAbout"), this);
    m_about->setTextFormat(Qt::RichText);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_about);
    layout->addLayout(createProgress());
    layout->addLayout(createButtons());
    connect(m_job, &FetchJob::progressed, this, &FetchDialog::showProgress);
    connect(m_job, &FetchJob::ended, this, &FetchDialog::showEnd);
    connect(m_job, &FetchJob::failed, this, &FetchDialog::showError);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &FetchDialog::showSelected);
    resize(kDefaultSize);
    loadEntries();
}

FetchDialog::~FetchDialog()
{
    // What the job says last must not reach a dialog that is half gone.
    m_job->disconnect(this);
}

void FetchDialog::createTable()
{
    m_table = new QTreeView(this);
    m_table->setObjectName(QStringLiteral("catalogTable"));
    m_table->setAccessibleName(tr("Weights and data sets"));
    m_table->setModel(m_model);
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setAlternatingRowColors(true);
    auto* header = m_table->header();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(CatalogModel::Title, QHeaderView::Stretch);
    header->setSectionResizeMode(CatalogModel::Licence, QHeaderView::Interactive);
    header->resizeSection(CatalogModel::Licence, kLicenceWidth);
    connect(m_table, &QTreeView::doubleClicked, this, &FetchDialog::get);
}

QLayout* FetchDialog::createProgress()
{
    m_progress = new QProgressBar(this);
    m_progress->setObjectName(QStringLiteral("fetchProgress"));
    m_progress->setAccessibleName(tr("Progress"));
    m_progress->setRange(0, kProgressSteps);
    m_remaining = new QLabel(this);
    m_remaining->setObjectName(QStringLiteral("fetchRemaining"));
    m_sign = new QLabel(this);
    m_message = wrappedLabel(QStringLiteral("fetchMessage"), this);
    m_message->setTextFormat(Qt::PlainText);
    auto* bar = new QHBoxLayout;
    bar->addWidget(m_progress, 1);
    bar->addWidget(m_remaining);
    auto* words = new QHBoxLayout;
    words->addWidget(m_sign, 0, Qt::AlignTop);
    words->addWidget(m_message, 1);
    auto* layout = new QVBoxLayout;
    layout->addLayout(bar);
    layout->addLayout(words);
    m_progress->hide();
    return layout;
}

QLayout* FetchDialog::createButtons()
{
    auto* buttons = new QHBoxLayout;
    const auto add = [this, buttons](const QString& text, const char* name, auto slot) {
        auto* button = new QPushButton(text, this);
        button->setObjectName(QLatin1String(name));
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, slot);
        buttons->addWidget(button);
        return button;
    };
    m_copy = add(tr("C&opy its name for a recipe"), "fetchCopy", &FetchDialog::copyReference);
    buttons->addStretch(1);
    m_get = add(tr("&Get"), "fetchGet", &FetchDialog::get);
    m_cancel = add(tr("&Cancel"), "fetchCancel", [this] { m_job->stop(); });
    add(tr("C&lose"), "fetchClose", &QDialog::reject);
    m_get->setDefault(true);
    return buttons;
}

void FetchDialog::loadEntries()
{
    const auto catalog = loadCatalog();
    if (!catalog) {
        showError(QString::fromStdString(catalog.error().message));
        return;
    }
    m_model->setCatalog(*catalog);
    m_table->setCurrentIndex(m_model->index(0, 0));
    updateButtons();
}

int FetchDialog::row() const
{
    return m_table->currentIndex().isValid() ? m_table->currentIndex().row() : -1;
}

void FetchDialog::get()
{
    if (row() < 0 || m_job->isRunning())
        return;
    say(QString(), false);
    m_progress->setValue(0);
    m_progress->show();
    FetchOptions options;
    options.again = m_model->isHere(row());
    m_job->start(m_model->entry(row()), options);
    updateButtons();
}

void FetchDialog::copyReference()
{
    if (row() >= 0)
        QGuiApplication::clipboard()->setText(QString::fromStdString(m_model->entry(row()).reference()));
}

void FetchDialog::showSelected()
{
    m_about->setText(row() < 0 ? QString() : aboutText(m_model->entry(row())));
    updateButtons();
}

void FetchDialog::showProgress(const FetchProgress& progress)
{
    if (progress.total > 0)
        m_progress->setValue(
            static_cast<int>(static_cast<double>(kProgressSteps) * static_cast<double>(progress.bytes) /
                             static_cast<double>(progress.total)));
    m_remaining->setText(progressText(progress));
}

void FetchDialog::showEnd(const FetchResult& result)
{
    if (result.outcome == Outcome::Stopped) {
        say(tr("Stopped. What has come is kept: Get goes on from there."), false);
        return;
    }
    QString text =
        tr("Done. It lies in %1; a recipe names it %2.")
            .arg(QString::fromStdString(result.place.string()), QString::fromStdString(result.reference));
    for (const auto& note : result.notes)
        text += QLatin1Char('\n') + tr("Note: %1").arg(QString::fromStdString(note));
    say(text, false);
}

void FetchDialog::showError(const QString& text)
{
    say(text, true);
}

void FetchDialog::say(const QString& text, bool isError)
{
    m_isError = isError;
    m_message->setText(text);
    showSign();
    m_progress->hide();
    m_remaining->clear();
    m_model->refresh();
    showSelected();
}

void FetchDialog::showSign()
{
    m_sign->setPixmap(m_message->text().isEmpty()
                          ? QPixmap()
                          : icon(m_isError ? QStringLiteral("error") : QStringLiteral("info"),
                                 m_isError ? warningColour(palette()) : palette().color(QPalette::WindowText))
                                .pixmap(kSignSize));
}

void FetchDialog::updateButtons()
{
    const bool isChosen = row() >= 0;
    const bool isHere = isChosen && m_model->isHere(row());
    m_get->setText(isHere ? tr("&Get again") : tr("&Get"));
    m_get->setEnabled(isChosen && !m_job->isRunning());
    m_get->setToolTip(m_job->isRunning() ? tr("One after the other: something is being got") : QString());
    m_cancel->setEnabled(m_job->isRunning());
    m_cancel->setToolTip(m_job->isRunning() ? QString() : tr("Nothing is being got"));
    m_copy->setEnabled(isHere);
    m_copy->setToolTip(isHere ? tr("Copies %1").arg(QString::fromStdString(m_model->entry(row()).reference()))
                              : tr("Get it first"));
}

void FetchDialog::changeEvent(QEvent* event)
{
    // Also sent while the base class is being built.
    if (event->type() == QEvent::PaletteChange && m_copy)
        showSign();
    QDialog::changeEvent(event);
}

void showFetchDialog(QWidget* window)
{
    auto* dialog = window->findChild<FetchDialog*>();
    if (!dialog)
        dialog = new FetchDialog(window);
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

} // namespace frostline
