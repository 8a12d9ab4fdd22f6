internal import PhysicalMemory

extension Engine {
  /// Calls `body` with the pieces of memory behind a range of a buffer's bytes, in order, until it gives
  /// false.
  ///
  /// Neighbouring chunks are one piece. The range is cut at the end of the buffer.
  ///
  /// - Complexity: O(log runs), then O(log windows) a piece.
  public func forEachPiece(
    of allocation: PhysicalAllocation, offset: UInt64, length: UInt64, _ body: (MemoryPiece) -> Bool
  ) {
    guard offset < allocation.length else { return }
    var position = offset
    var rest = min(length, allocation.length - offset)
    var number = allocation.runs.runIndex(ofOffset: offset)
    while rest > 0, let run = allocation.runs.run(number) {
      let into = position - run.offset
      guard into < run.length else {
        number += 1
        continue
      }
      let piece = piece(at: run.address &+ into, limit: min(run.length - into, rest))
      guard body(piece) else { return }
      position += piece.length
      rest -= piece.length
    }
  }

  /// The same for the bytes behind a reservation: none while it is unbacked.
  public func forEachPiece(
    of reservation: Reservation, offset: UInt64, length: UInt64, _ body: (MemoryPiece) -> Bool
  ) {
    guard let allocation = reservation.backing, offset < reservation.backedLength else { return }
    let limit = min(length, reservation.backedLength - offset)
    forEachPiece(of: allocation, offset: offset, length: limit, body)
  }

  /// Copies bytes out of a buffer.
  ///
  /// - Parameters:
  ///   - allocation: the buffer.
  ///   - offset: where in it to begin.
  ///   - buffer: where the bytes go.
  /// - Returns: how many bytes were copied: 0 at the end of the buffer, less than wanted before bytes without
  ///   memory.
  /// - Throws: `noMemoryBehind` (ENXIO) if the very first byte has no memory behind it; `noSuchObject`
  ///   (ENOENT).
  public func read(
    _ allocation: PhysicalAllocation, offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(VCMError) -> Int {
    try transfer(allocation, offset: offset, length: buffer.count) { done, pointer, count in
      guard let base = buffer.baseAddress else { return }
      (base + done).copyMemory(from: pointer, byteCount: count)
    }
  }

  /// Copies bytes into a buffer.
  ///
  /// The page tables' and other buffers' bytes are out of its reach.
  ///
  /// - Returns: how many bytes were copied: less than given at the end of the buffer or before bytes without
  ///   memory.
  /// - Throws: `fileTooLarge` (EFBIG) if nothing fits because the offset is at or behind the end;
  ///   `noMemoryBehind` (ENXIO) if the very first byte has no memory behind it; `noSuchObject` (ENOENT).
  public func write(
    _ bytes: UnsafeRawBufferPointer, to allocation: PhysicalAllocation, offset: UInt64
  ) throws(VCMError) -> Int {
    guard bytes.isEmpty || offset < allocation.length else {
      throw VCMError(
        .fileTooLarge,
        "offset \(offset) is behind the \(allocation.length) bytes of buffer '\(allocation.name)'")
    }
    return try transfer(allocation, offset: offset, length: bytes.count) { done, pointer, count in
      guard let base = bytes.baseAddress else { return }
      pointer.copyMemory(from: base + done, byteCount: count)
    }
  }

  /// Copies bytes out of the memory behind a reservation: the bytes of its buffer, in order.
  ///
  /// - Throws: `notBacked` (EINVAL), else as for a buffer.
  public func read(
    _ reservation: Reservation, offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(VCMError) -> Int {
    try read(try backing(of: reservation), offset: offset, into: buffer)
  }

  /// Copies bytes into the memory behind a reservation.
  ///
  /// - Throws: `notBacked` (EINVAL), else as for a buffer.
  public func write(
    _ bytes: UnsafeRawBufferPointer, to reservation: Reservation, offset: UInt64
  ) throws(VCMError) -> Int {
    try write(bytes, to: try backing(of: reservation), offset: offset)
  }

  /// Copies bytes from the memory behind one reservation to that behind another: `vcm_res_copy`.
  ///
  /// The two may overlap.
  ///
  /// - Returns: how many bytes were copied: less than wanted at the end of either.
  /// - Throws: `notBacked` (EINVAL); `noMemoryBehind` (ENXIO) if nothing could be copied for lack of memory.
  public func copy(
    to target: Reservation, offset targetOffset: UInt64, from source: Reservation,
    offset sourceOffset: UInt64,
    length: UInt64
  ) throws(VCMError) -> UInt64 {
    let source = try backing(of: source)
    let target = try backing(of: target)
    guard sourceOffset < source.length, targetOffset < target.length else { return 0 }
    let wanted = min(length, source.length - sourceOffset, target.length - targetOffset)
    let step = 1 << 16
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: step, alignment: 16)
    defer { bytes.deallocate() }
    // Overlapping ranges of one buffer are copied from the end that is not overwritten.
    let isBackwards = source === target && targetOffset > sourceOffset
    var done: UInt64 = 0
    while done < wanted {
      let count = min(UInt64(step), wanted - done)
      let into = isBackwards ? wanted - done - count : done
      let part = UnsafeMutableRawBufferPointer(rebasing: bytes[..<Int(count)])
      let got = try read(source, offset: sourceOffset + into, into: part)
      let put = try write(
        UnsafeRawBufferPointer(rebasing: part[..<got]), to: target, offset: targetOffset + into)
      done += UInt64(put)
      if UInt64(put) < count { break }
    }
    return done
  }

  /// The allocation behind a reservation: `vcm_get_physmem_from_res`.
  ///
  /// - Throws: `notBacked` (EINVAL); `noSuchObject` (ENOENT).
  public func backing(of reservation: Reservation) throws(VCMError) -> PhysicalAllocation {
    try requireLive(reservation.isLive, "reservation", reservation.name)
    guard let allocation = reservation.backing else {
      throw VCMError(.notBacked, "reservation '\(reservation.name)' is not backed")
    }
    return allocation
  }

  private func piece(at address: UInt64, limit: UInt64) -> MemoryPiece {
    let bytes = memory.contiguousBytes(from: address, limit: limit)
    guard bytes > 0, let pointer = memory.pointer(to: address, byteCount: bytes) else {
      return MemoryPiece(
        physicalAddress: address, length: lengthWithoutMemory(from: address, limit: limit), pointer: nil,
        fileOffset: nil)
    }
    return MemoryPiece(
      physicalAddress: address, length: bytes, pointer: pointer, fileOffset: memory.fileOffset(of: address))
  }

  /// How many bytes from an address without memory on have none.
  private func lengthWithoutMemory(from address: UInt64, limit: UInt64) -> UInt64 {
    memory.windows.reduce(limit) { shortest, window in
      window.base > address ? min(shortest, window.base - address) : shortest
    }
  }

  private func transfer(
    _ allocation: PhysicalAllocation, offset: UInt64, length: Int,
    _ move: (Int, UnsafeMutableRawPointer, Int) -> Void
  ) throws(VCMError) -> Int {
    try requireLive(allocation.isLive, "buffer", allocation.name)
    var done = 0
    var missing: UInt64?
    forEachPiece(of: allocation, offset: offset, length: UInt64(length)) { piece in
      guard let pointer = piece.pointer else {
        missing = piece.physicalAddress
        return false
      }
      move(done, pointer, Int(piece.length))
      done += Int(piece.length)
      return true
    }
    if done == 0, let missing {
      throw VCMError(.noMemoryBehind, "there is no memory at physical address \(hex(missing))")
    }
    return done
  }
}
