#include "range/suggestion_row.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "plots/number_text.h"
#include "range/range_text.h"
#include "theme/tip_text.h"

namespace frostline {

namespace {

constexpr int kSpacing = 12;

} // namespace

SuggestionRow::SuggestionRow(QWidget* parent) : QWidget(parent)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kSpacing);
    for (const auto method : {RateMethod::Valley, RateMethod::Slide, RateMethod::Minimum, RateMethod::Steep})
        addEntry(method);
    showAll();
}

void SuggestionRow::addEntry(RateMethod method)
{
    Entry entry;
    entry.suggestion.method = method;
    entry.button = new QPushButton(this);
    entry.button->setObjectName(QStringLiteral("use-%1").arg(QString::fromUtf8(nameOf(method).data())));
    entry.text = new QLabel(this);
    entry.text->setWordWrap(true);
    entry.text->setTextFormat(Qt::PlainText);
    entry.text->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto* column = new QVBoxLayout;
    column->addWidget(entry.button);
    column->addWidget(entry.text, 1);
    static_cast<QHBoxLayout*>(layout())->addLayout(column, 1);
    connect(entry.button, &QPushButton::clicked, this, [this, index = m_entries.size()] {
        Q_EMIT rateChosen(roundedRate(*m_entries[index].suggestion.rate));
    });
    m_entries.push_back(entry);
}

void SuggestionRow::setSuggestions(const std::vector<RateSuggestion>& suggestions)
{
    for (auto& entry : m_entries) {
        const auto method = entry.suggestion.method;
        entry.suggestion = {.method = method, .rate = {}, .absence = {}};
        for (const auto& suggestion : suggestions) {
            if (suggestion.method == method)
                entry.suggestion = suggestion;
        }
    }
    showAll();
}

void SuggestionRow::setObstacle(const QString& obstacle)
{
    m_obstacle = obstacle;
    showAll();
}

void SuggestionRow::showAll() const
{
    for (const auto& entry : m_entries)
        showEntry(entry);
}

void SuggestionRow::showEntry(const Entry& entry) const
{
    const auto& [method, rate, absence] = entry.suggestion;
    const QString title = titleOf(method);
    entry.button->setText(rate ? tr("Use %1 (%2)").arg(rateText(roundedRate(*rate), QLocale()), title)
                          : absence.empty() ? title
                                            : tr("No %1").arg(title));
    entry.button->setIcon(swatchOf(styleOf(method), palette()));
    entry.button->setEnabled(rate && m_obstacle.isEmpty());
    const QString why = absence.empty() ? explanationOf(method) : QString::fromStdString(absence);
    entry.text->setText(why);
    const QString tip = !rate ? absence.empty() ? tr("Run the test first: it suggests rates") : why
                        : m_obstacle.isEmpty() ? tr("Set the learning rate to this")
                                               : m_obstacle;
    entry.button->setToolTip(tipText(tip));
    entry.button->setAccessibleDescription(tip);
}

void SuggestionRow::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showAll();
}

} // namespace frostline
