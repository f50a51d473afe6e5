#pragma once

#include <QString>

namespace frostline {

/// A tool tip that wraps its lines and shows the text as it is: names of files and classes are no rich text.
inline QString tipText(const QString& text)
{
    return text.isEmpty() ? text : QStringLiteral("<p>%1</p>").arg(text.toHtmlEscaped());
}

} // namespace frostline
