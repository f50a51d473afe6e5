#pragma once

class QCPAxis;
class QCPAxisRect;
class QFont;
class QPalette;

namespace frostline {

/// A boxed axis rectangle as all plots of the window have; panned and zoomed along `x` alone.
void createFrame(QCPAxisRect& rect);
void applyFrameStyle(QCPAxisRect& rect, const QPalette& palette, const QFont& font);

} // namespace frostline
