internal import PhysicalMemory

/// The bytes of a read of memory, in pieces one after the other: where they lie in the mapping of the memory file, if that
/// may be loaded without filling a hole, else copied.
///
/// Another process may have shortened the file, so that only a system call may load what is given here: it fails with
/// `EFAULT` where a load would end the process.
struct MemoryGathering {
  /// The most pieces: writev(2) takes 1024.
  private static let pieceLimit = 1000

  private let memory: PhysicalMemory
  /// Room for what has to be copied, at its place in the whole.
  private let room: UnsafeMutableRawBufferPointer
  private var asked = AskedPages()
  private var done = 0
  /// What was gathered until now.
  private(set) var pieces: [UnsafeRawBufferPointer] = []

  /// A gathering of `count` pieces of the file, with as much room as all of them are long.
  init(_ memory: PhysicalMemory, count: Int, room: UnsafeMutableRawBufferPointer) {
    self.memory = memory
    self.room = room
    pieces.reserveCapacity(min(count, Self.pieceLimit + 1))
  }

  /// The bytes of pieces of the file.
  static func gather(
    _ memory: PhysicalMemory, _ pieces: [FilePiece], room: UnsafeMutableRawBufferPointer
  ) -> [UnsafeRawBufferPointer] {
    var gathering = MemoryGathering(memory, count: pieces.count, room: room)
    for piece in pieces { gathering.append(piece) }
    return gathering.pieces
  }

  private mutating func append(_ piece: FilePiece) {
    guard let address = piece.physicalAddress else { return copy(piece) }
    let start = done
    var asked = asked
    memory.forEachRun(from: address, byteCount: piece.length, asked: &asked) { bytes, mayBeLoaded in
      if mayBeLoaded, pieces.count < Self.pieceLimit {
        add(bytes)
      } else {
        copy(
          FilePiece(physicalAddress: address &+ UInt64(done - start), length: UInt64(bytes.count)))
      }
    }
    self.asked = asked
  }

  private mutating func copy(_ piece: FilePiece) {
    let target = UnsafeMutableRawBufferPointer(rebasing: room[done..<(done + Int(piece.length))])
    MemoryCopy.read(memory, piece, into: target)
    add(UnsafeRawBufferPointer(target))
  }

  private mutating func add(_ bytes: UnsafeRawBufferPointer) {
    done += bytes.count
    guard let last = pieces.last, let start = last.baseAddress, start + last.count == bytes.baseAddress else {
      return pieces.append(bytes)
    }
    pieces[pieces.count - 1] = UnsafeRawBufferPointer(start: start, count: last.count + bytes.count)
  }
}
