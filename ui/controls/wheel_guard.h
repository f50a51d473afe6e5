#pragma once

class QWidget;

namespace frostline {

/// Keeps the wheel from turning an editor that has no focus: it scrolls the page instead.
void guardFromWheel(QWidget* editor);

} // namespace frostline
