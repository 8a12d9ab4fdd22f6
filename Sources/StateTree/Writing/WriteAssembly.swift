internal import VCM

/// Puts a long text together again that the kernel has cut into several writes.
///
/// The kernel cuts a `write(2)` into pieces of its largest size. A piece of exactly that size without a newline at its
/// end is therefore the beginning of more; any other piece ends its text. Where the text fails, its last piece and the
/// error are remembered: the kernel reports a failure behind the first piece as a short write, its writer sends the rest
/// again, and only then gets the error.
struct WriteAssembly {
  /// The largest piece that the kernel sends, in bytes.
  let largestPiece: Int
  /// The longest text that is put together, in bytes.
  static let longestText = 256 << 20

  /// What a piece made of its text.
  enum Outcome: Equatable {
    /// More is to come.
    case unfinished
    /// The piece is the whole text.
    case whole
    /// The piece ends this text.
    case assembled([UInt8])
  }

  private var prefix: [UInt8] = []
  private var nextOffset: UInt64 = 0
  private var failure: (piece: [UInt8], error: VCMError)?

  init(largestPiece: Int) {
    self.largestPiece = largestPiece
  }

  /// Takes a piece.
  ///
  /// - Throws: the error of the text whose last piece is sent again; `EFBIG` if the text becomes longer than
  ///   ``longestText``.
  mutating func take(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(VCMError) -> Outcome {
    if let failure {
      self.failure = nil
      if offset == nextOffset, bytes.elementsEqual(failure.piece) { throw failure.error }
    }
    if offset != nextOffset { prefix = [] }
    if bytes.count >= largestPiece && bytes.last != UInt8(ascii: "\n") {
      guard prefix.count + bytes.count <= Self.longestText else {
        prefix = []
        throw VCMError(
          .fileTooLarge, "a text longer than \(Print.friendly(UInt64(Self.longestText))) is not taken")
      }
      prefix.append(contentsOf: bytes)
      nextOffset = offset &+ UInt64(bytes.count)
      return .unfinished
    }
    guard !prefix.isEmpty else { return .whole }
    var text = prefix
    prefix = []
    text.append(contentsOf: bytes)
    return .assembled(text)
  }

  /// Remembers that an assembled text failed, and which piece ended it.
  mutating func noteFailure(_ error: VCMError, of bytes: UnsafeRawBufferPointer, at offset: UInt64) {
    failure = (Array(bytes), error)
    nextOffset = offset
  }

  /// Ends a text that has begun, because its file is closed and nothing more can come; nil if none has.
  mutating func finish() -> [UInt8]? {
    guard !prefix.isEmpty else { return nil }
    defer { prefix = [] }
    return prefix
  }
}
