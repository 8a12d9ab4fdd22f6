/// One name of a path, or the target of a symbolic link, as it came from the kernel: bytes that mostly are
/// UTF-8.
///
/// Names come without `/` and NUL, but may have up to 1024 bytes (the limit is the kernel's transport's, not
/// NAME_MAX) and need not be UTF-8.
public struct FileName: Hashable, Sendable, CustomStringConvertible {
  private enum Storage: Hashable, Sendable {
    case text(String)
    case bytes([UInt8])
  }

  private let storage: Storage

  /// The name that `text` spells.
  public init(_ text: String) {
    storage = .text(text)
  }

  /// The name made of `bytes`.
  ///
  /// O(n); names of up to 15 bytes of UTF-8 allocate nothing.
  public init(bytes: UnsafeBufferPointer<UInt8>) {
    if let text = String(validating: bytes, as: UTF8.self) {
      storage = .text(text)
    } else {
      storage = .bytes(Array(bytes))
    }
  }

  /// The name at `pointer`, up to its NUL.
  init(_ pointer: UnsafePointer<CChar>) {
    if let text = String(validatingCString: pointer) {
      storage = .text(text)
      return
    }
    var count = 0
    while pointer[count] != 0 { count += 1 }
    storage = .bytes(UnsafeBufferPointer(start: pointer, count: count).map { UInt8(bitPattern: $0) })
  }

  /// The name as text; nil where it is not valid UTF-8.
  ///
  /// O(1).
  public var string: String? {
    guard case .text(let text) = storage else { return nil }
    return text
  }

  /// The name's length in bytes.
  ///
  /// O(1).
  public var byteCount: Int {
    switch storage {
    case .text(let text): text.utf8.count
    case .bytes(let bytes): bytes.count
    }
  }

  /// The name's bytes, without a NUL.
  ///
  /// O(n).
  public var bytes: [UInt8] {
    switch storage {
    case .text(let text): Array(text.utf8)
    case .bytes(let bytes): bytes
    }
  }

  /// The name for a person to read; bytes that are not UTF-8 are replaced.
  public var description: String {
    switch storage {
    case .text(let text): text
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Hands `body` the bytes followed by a NUL, and their count without it.
  func withCString<Result>(_ body: (UnsafePointer<CChar>, Int) -> Result) -> Result {
    switch storage {
    case .text(let text):
      let count = text.utf8.count
      return text.withCString { body($0, count) }
    case .bytes(let bytes):
      let characters = bytes.map { CChar(bitPattern: $0) } + [0]
      return characters.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return "".withCString { body($0, 0) } }
        return body(base, bytes.count)
      }
    }
  }
}
