import FUSEKit
import StateTree
import Synchronization
import VCM

/// The next pieces of long texts, made by threads that have nothing else to do while the kernel copies the pieces before.
///
/// Who reads a dump from its beginning to its end waits for the kernel's copy and for the text to be made, one after the other;
/// with a processor to spare both go on at once. A dump is the text of one moment, so that what was made of it beforehand stays
/// true. A file has one piece at most, all together ``pieceLimit``; a piece goes when it is read, when its reader goes on
/// elsewhere, with its file, and when others need the room.
final class TextAhead: Sendable {
  /// The most pieces, each of one request's size.
  private static let pieceLimit = 4

  /// Room for a piece.
  private final class Room: @unchecked Sendable {
    // One user at a time: who makes the piece, then who sends it.
    let bytes: UnsafeMutableRawBufferPointer

    init(byteCount: Int) {
      bytes = .allocate(byteCount: byteCount, alignment: 16)
    }

    deinit {
      bytes.deallocate()
    }
  }

  /// A piece that is made, or will be.
  private final class Piece: @unchecked Sendable {
    let file: OpenFile
    let offset: UInt64
    let length: Int
    let room: Room
    /// How many bytes were made; set before `making` is done.
    var count: Int?
    /// Set before the piece is put where others find it.
    var making: LongWork.Beforehand?

    init(_ file: OpenFile, at offset: UInt64, length: Int, room: Room) {
      self.file = file
      self.offset = offset
      self.length = length
      self.room = room
    }

    func make() {
      let target = UnsafeMutableRawBufferPointer(rebasing: room.bytes[..<length])
      if case .bytes(let made)? = try? file.read(at: offset, into: target) { count = made }
    }
  }

  private struct State {
    /// Oldest first.
    var pieces: [Piece] = []
    /// Room that nobody uses: what one reader needs.
    var spare: [Room] = []
    /// Where the last read of each file ended.
    var ends: [ObjectIdentifier: UInt64] = [:]
  }

  private let longWork: LongWork
  private let state = Mutex(State())

  init(_ longWork: LongWork) {
    self.longWork = longWork
  }

  /// Reads from `offset` on as much as `room` is long, and calls `send` with it.
  func read(
    _ file: OpenFile, at offset: UInt64, room: UnsafeMutableRawBufferPointer,
    _ send: (UnsafeRawBufferPointer) -> Void
  ) throws(VCMError) {
    let (piece, isNext) = arrive(file, at: offset, room.count)
    if let piece, piece.making?.finish() == true, let count = piece.count {
      if count == room.count { begin(file, at: offset &+ UInt64(count), count) }
      send(UnsafeRawBufferPointer(rebasing: piece.room.bytes[..<count]))
      giveBack(piece.room)
      return
    }
    guard case .bytes(let count) = try file.read(at: offset, into: room) else { return }
    if isNext, count == room.count { begin(file, at: offset &+ UInt64(count), count) }
    send(UnsafeRawBufferPointer(rebasing: room[..<count]))
  }

  /// The pieces that are there, for tests.
  var pieceCount: Int { state.withLock { $0.pieces.count } }

  /// Forgets a file that is closed.
  func forget(_ file: OpenFile) {
    state.withLock { state in
      state.ends[ObjectIdentifier(file)] = nil
      state.pieces.removeAll { $0.file === file }
      if state.ends.isEmpty { state.spare = [] }
    }
  }

  /// Takes the piece that a read begins with, if there is one, and notes where the read ends.
  ///
  /// `isNext` says whether the read begins where the last one ended.
  private func arrive(_ file: OpenFile, at offset: UInt64, _ length: Int) -> (piece: Piece?, isNext: Bool) {
    state.withLock { state in
      let end = state.ends.updateValue(offset &+ UInt64(length), forKey: ObjectIdentifier(file)) ?? 0
      guard let index = state.pieces.firstIndex(where: { $0.file === file }) else {
        return (nil, end == offset)
      }
      let piece = state.pieces.remove(at: index)
      return (piece.offset == offset && piece.length == length ? piece : nil, end == offset)
    }
  }

  /// Has the piece at an offset made, if there is a thread for it.
  private func begin(_ file: OpenFile, at offset: UInt64, _ length: Int) {
    let spare = state.withLock { state in
      state.spare.popLast().flatMap { $0.bytes.count >= length ? $0 : nil }
    }
    let piece = Piece(file, at: offset, length: length, room: spare ?? Room(byteCount: length))
    guard let making = longWork.runBeforehand({ piece.make() }) else { return giveBack(piece.room) }
    piece.making = making
    state.withLock { state in
      // It was closed meanwhile if nothing is noted.
      guard state.ends[ObjectIdentifier(file)] != nil else { return }
      state.pieces.removeAll { $0.file === file }
      if state.pieces.count >= Self.pieceLimit { state.pieces.removeFirst() }
      state.pieces.append(piece)
    }
  }

  private func giveBack(_ room: Room) {
    state.withLock { state in
      if state.spare.count < 2, !state.ends.isEmpty { state.spare.append(room) }
    }
  }
}
