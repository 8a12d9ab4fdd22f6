import Glibc
import PageTables

/// A line on a terminal that says how far a long command is, written over again and wiped out in the end.
///
/// Where standard error is no terminal, nothing is written. The first half second is silent.
final class ProgressLine {
  private let isShowing = isatty(STDERR_FILENO) == 1
  private let began = ContinuousClock.now
  private var next: ContinuousClock.Instant
  private var isOnScreen = false
  /// The number of bytes of the output, once known.
  var total: UInt64?

  init() {
    next = began + .milliseconds(500)
  }

  /// Shows how many tables are done.
  func show(_ step: DecodingOptions.Step, _ done: Int, _ total: Int?) {
    guard isShowing, done.isMultiple(of: 16) else { return }
    let verb = step == .reading ? "reading" : "checking"
    show("\(verb): \(done)\(total.map { " of \($0)" } ?? "") tables")
  }

  /// Shows how many bytes are written.
  func show(written: UInt64) {
    guard isShowing else { return }
    show("writing: \(written >> 20)\(total.map { " of \($0 >> 20)" } ?? "") MB")
  }

  /// Shows words, if it is time to.
  func show(_ words: String) {
    guard isShowing else { return }
    let now = ContinuousClock.now
    guard now >= next else { return }
    next = now + .milliseconds(200)
    isOnScreen = true
    put("\r\u{1B}[Kvcmfs decode: \(words)")
  }

  /// Wipes the line out.
  func clear(ifShown condition: Bool = true) {
    guard isOnScreen, condition else { return }
    isOnScreen = false
    put("\r\u{1B}[K")
  }

  private func put(_ text: String) {
    var text = text
    text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
