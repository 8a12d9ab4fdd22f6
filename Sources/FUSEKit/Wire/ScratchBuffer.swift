internal import Glibc

/// A buffer for each thread, kept between requests: answering a read allocates nothing.
///
/// 128 KiB, the size of what `cat` asks for, is where malloc(3) begins to map and unmap for each allocation.
enum ScratchBuffer {
  private struct Header {
    var capacity: Int
  }

  private static let headerSize = 64

  private static let key: pthread_key_t? = {
    var key = pthread_key_t()
    return pthread_key_create(&key, { free($0) }) == 0 ? key : nil
  }()

  /// Hands `body` a buffer of `count` bytes of any content; nil where there is no memory.
  static func withBytes<Result>(count: Int, _ body: (UnsafeMutableRawBufferPointer?) -> Result) -> Result {
    guard let start = take(count: count) else { return body(nil) }
    defer { putBack(start) }
    return body(UnsafeMutableRawBufferPointer(start: start, count: count))
  }

  /// A buffer of `count` bytes of any content, which ``putBack(_:)`` takes again; nil where there is no memory.
  static func take(count: Int) -> UnsafeMutableRawPointer? {
    let kept = key.flatMap { pthread_getspecific($0) }
    // Taken out while in use, so that a nested use gets one of its own.
    if kept != nil, let key { pthread_setspecific(key, nil) }
    if let kept, kept.load(as: Header.self).capacity >= count { return kept + headerSize }
    free(kept)
    let (byteCount, overflow) = count.addingReportingOverflow(headerSize)
    guard !overflow, let made = malloc(byteCount) else { return nil }
    made.storeBytes(of: Header(capacity: count), as: Header.self)
    return made + headerSize
  }

  /// Takes a buffer back, on whatever thread.
  static func putBack(_ start: UnsafeMutableRawPointer?) {
    guard let block = start.map({ $0 - headerSize }) else { return }
    guard let key, pthread_getspecific(key) == nil, pthread_setspecific(key, block) == 0 else {
      free(block)
      return
    }
  }
}
