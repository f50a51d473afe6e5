#pragma once

#include <QLineEdit>

class QCompleter;

namespace frostline {

/// A list of layer patterns with commas between them; what is typed is completed from paths of layers,
/// `last N stages` and `*`. GUI thread.
class PatternEdit : public QLineEdit {
    Q_OBJECT
public:
    PatternEdit(const QStringList& words, QWidget* parent = nullptr);

    QCompleter* words() const { return m_completer; }

private:
    /// Where the pattern that the cursor stands in begins and ends.
    std::pair<int, int> tokenAtCursor() const;
    void offer();
    void take(const QString& word);

    QCompleter* m_completer;
};

} // namespace frostline
