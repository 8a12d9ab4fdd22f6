internal import Synchronization

/// Lines that come one after the other, for readers that wait for them.
///
/// A reader gets what comes after it was opened. Lines are kept only while there is a reader, and at most ``capacity`` of
/// them: who is slower than that loses the oldest and is told how many.
///
/// It has a lock of its own, which is asked for with the tree's lock held or without, and holds nothing but itself.
final class LineStream: @unchecked Sendable {
  /// How many lines are kept for readers that have not taken them yet.
  let capacity: Int

  // Guarded by `lock`; how many readers there are changes only with it held.
  private let lock = TreeLock()
  private var lines: [String] = []
  /// The number of the first line that is kept; lines are counted from 0.
  private var first: UInt64 = 0
  private let readers = Atomic<Int>(0)
  private var waiters: [ObjectIdentifier: LineWait] = [:]

  init(capacity: Int = 16384) {
    self.capacity = capacity
  }

  /// Whether anybody would see a line: asked at every change, without the lock.
  var hasReaders: Bool { readers.load(ordering: .relaxed) > 0 }

  /// The number of the next line, from which a new reader goes on.
  func open() -> UInt64 {
    lock.lock()
    defer { lock.unlock() }
    readers.add(1, ordering: .relaxed)
    return first + UInt64(lines.count)
  }

  /// A reader is gone.
  func close() {
    lock.lock()
    defer { lock.unlock() }
    readers.subtract(1, ordering: .relaxed)
    if !hasReaders {
      first += UInt64(lines.count)
      lines = []
    }
  }

  /// Appends a line and its newline, and says whom to call, with no lock held, because there is something to read.
  func append(_ line: String) -> [@Sendable () -> Void] {
    lock.lock()
    defer { lock.unlock() }
    guard hasReaders else { return [] }
    // Dropping a quarter at a time keeps appending cheap.
    if lines.count >= capacity {
      let dropped = max(1, capacity / 4)
      lines.removeFirst(dropped)
      first += UInt64(dropped)
    }
    lines.append(line + "\n")
    defer { waiters = [:] }
    return waiters.values.map(\.body)
  }

  /// The next line behind `position`, or the word of how many were lost; nil if there is none yet.
  func next(_ position: inout UInt64) -> String? {
    lock.lock()
    defer { lock.unlock() }
    if position < first {
      defer { position = first }
      return "lost \(first - position)\n"
    }
    guard position - first < UInt64(lines.count) else { return nil }
    defer { position += 1 }
    return lines[Int(position - first)]
  }

  /// Whether there is a line behind `position`.
  func isReadable(_ position: UInt64) -> Bool {
    lock.lock()
    defer { lock.unlock() }
    return position < first + UInt64(lines.count)
  }

  /// Calls `body` once when there is a line behind `position`; nil if there is one already.
  func wait(_ position: UInt64, _ body: @escaping @Sendable () -> Void) -> (any ReadWait)? {
    lock.lock()
    defer { lock.unlock() }
    guard position >= first + UInt64(lines.count) else { return nil }
    let wait = LineWait(stream: self, body: body)
    waiters[ObjectIdentifier(wait)] = wait
    return wait
  }

  fileprivate func cancel(_ wait: LineWait) {
    lock.lock()
    defer { lock.unlock() }
    waiters[ObjectIdentifier(wait)] = nil
  }
}

/// A reader that waits for a line.
private final class LineWait: ReadWait {
  private let stream: LineStream
  let body: @Sendable () -> Void

  init(stream: LineStream, body: @escaping @Sendable () -> Void) {
    self.stream = stream
    self.body = body
  }

  func cancel() { stream.cancel(self) }
}
