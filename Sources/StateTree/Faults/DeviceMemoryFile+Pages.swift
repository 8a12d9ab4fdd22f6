internal import PhysicalMemory
internal import VCM

// The device's eye through a mapping, whose pages the kernel keeps.
extension DeviceMemoryFile {
  /// The length of the file: the end of the address spaces that the device walks now; of a one-to-one device, the end of
  /// memory.
  ///
  /// What lies behind 2^63 no file can have.
  static func length(_ device: Device, _ state: TreeState) -> UInt64 {
    if device.kind == .oneToOne { return PhysicalFile.length(state) }
    let last = device.activeAssociations.map(\.region.last).max() ?? 0
    return last == 0 ? 0 : min(last, UInt64(Int64.max) - 1) + 1
  }

  /// Copies the bytes of pieces; how many.
  func copyOut(_ pieces: [FilePiece], _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    var done = 0
    for piece in pieces {
      let target = UnsafeMutableRawBufferPointer(rebasing: buffer[done..<(done + Int(piece.length))])
      MemoryCopy.read(memory, piece, into: target)
      done += target.count
    }
    return done
  }

  /// Copies bytes to pieces; how many.
  func copyIn(_ bytes: UnsafeRawBufferPointer, _ pieces: [FilePiece]) -> Int {
    var done = 0
    for piece in pieces {
      let count = Int(piece.length)
      guard let address = piece.physicalAddress,
        let target = memory.pointer(to: address, byteCount: piece.length)
      else { break }
      UnsafeMutableRawBufferPointer(start: target, count: count)
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[done..<(done + count)]))
      done += count
    }
    return done
  }

  /// Pages for a mapping: all of what is asked for, or a fault of the page that is touched.
  func pages(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(VCMError) -> Int {
    let pieces = try enterPages(at: offset, count: buffer.count)
    defer { gate.leave() }
    return copyOut(pieces, buffer)
  }

  /// Where the bytes of pages for a mapping lie.
  ///
  /// The kernel reads ahead of what is touched. Where it does, a page that is not permitted is no fault yet: it asks for that
  /// page alone if somebody touches it. A page does not wait for a hook: the kernel has it locked, and what would cure the
  /// fault has to wait for that lock.
  ///
  /// On return the gate is entered.
  func enterPages(at offset: UInt64, count: Int) throws(VCMError) -> [FilePiece] {
    let isOnePage = count <= Int(Region.smallestPage)
    let pieces = try tree.changing(caller, about: isOnePage ? node : nil) {
      state throws(VCMError) -> [FilePiece]? in
      guard case .device(let device) = try state.subject(of: self.device) else { throw .gone }
      let pieces = self.pieces(at: offset, UInt64(count), false, device, state)
      let found = pieces.reduce(0) { $0 + $1.length }
      guard found == UInt64(count) else {
        guard isOnePage, !isSecondQuestion(about: offset) else { return nil }
        let fault = try noteFault(at: offset + found, isWrite: false, device, state)
        throw TreeState.error(fault, of: device)
      }
      state.leases.note(node)
      gate.enter()
      return pieces
    }
    guard let pieces else { throw VCMError(.fault, "not all of the pages are permitted") }
    return pieces
  }

  /// Whether a fault of a page was written down just now: for one touch the kernel asks twice, first as if it read ahead,
  /// and then, since that failed, once more (linux/mm/filemap.c: filemap_fault).
  private func isSecondQuestion(about offset: UInt64) -> Bool {
    let now = AlarmClock.now
    if let last = lastPageFault, last.offset == offset, now &- last.time < 50_000_000 {
      lastPageFault = nil
      return true
    }
    lastPageFault = (offset, now)
    return false
  }

  /// Takes what was stored through a mapping, page by page: those that the tables permit to be written are written, each
  /// other one is a fault.
  ///
  /// - Throws: the first fault.
  func storePages(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(VCMError) -> Int {
    var failure: VCMError?
    var done = 0
    while done < bytes.count {
      let address = offset + UInt64(done)
      let page = Int(Region.smallestPage - address % Region.smallestPage)
      let part = UnsafeRawBufferPointer(rebasing: bytes[done..<min(done + page, bytes.count)])
      do throws(VCMError) {
        try storePage(part, at: address)
      } catch {
        failure = failure ?? error
      }
      done += part.count
    }
    if let failure { throw failure }
    return done
  }

  private func storePage(_ bytes: UnsafeRawBufferPointer, at address: UInt64) throws(VCMError) {
    let pieces = try tree.changing(caller, about: node) { state throws(VCMError) -> [FilePiece] in
      guard case .device(let device) = try state.subject(of: self.device) else { throw .gone }
      let pieces = self.pieces(at: address, UInt64(bytes.count), true, device, state)
      let found = pieces.reduce(0) { $0 + $1.length }
      guard found == UInt64(bytes.count) else {
        let fault = try noteFault(at: address + found, isWrite: true, device, state)
        throw TreeState.error(fault, of: device)
      }
      gate.enter()
      return pieces
    }
    _ = copyIn(bytes, pieces)
    gate.leave()
    try noteWritten()
  }

  /// Where the next backed range of an active region, or the next end of one, is at or behind an offset.
  ///
  /// It comes from the reservations, because a table has no index of its gaps; what the table then permits, a read says.
  func seek(from offset: UInt64, toData: Bool) throws(VCMError) -> UInt64 {
    try tree.reading { state throws(VCMError) in
      guard case .device(let device) = try state.subject(of: self.device) else { throw .gone }
      let length = Self.length(device, state)
      guard offset < length else { throw VCMError(.noMemoryBehind, "offset \(offset) is behind the end") }
      var position = offset
      while position < length {
        let end = endOfData(at: position, device, state)
        if toData {
          if end != nil { return position }
          guard let next = nextData(behind: position, device, state), next < length else {
            throw VCMError(.noMemoryBehind, "there is no data behind offset \(offset)")
          }
          position = next
        } else {
          guard let end else { return position }
          position = end
        }
      }
      return length
    }
  }

  /// Where the data at an address ends; nil if there is none.
  private func endOfData(at address: UInt64, _ device: Device, _ state: TreeState) -> UInt64? {
    if device.kind == .oneToOne {
      let bytes = memory.contiguousBytes(from: address, limit: .max)
      return bytes == 0 ? nil : address &+ bytes
    }
    for association in device.activeAssociations {
      guard let reservation = association.region.firstReservation(from: address), reservation.isBacked,
        reservation.address <= address, address - reservation.address < reservation.backedLength
      else { continue }
      return reservation.address &+ reservation.backedLength
    }
    return nil
  }

  /// Where the first data behind an address, at which there is none, begins.
  private func nextData(behind address: UInt64, _ device: Device, _ state: TreeState) -> UInt64? {
    if device.kind == .oneToOne {
      return memory.windows.map(\.base).filter { $0 > address }.min()
    }
    return device.activeAssociations.compactMap { association -> UInt64? in
      var next: UInt64? = address
      while let from = next, let reservation = association.region.firstReservation(from: from) {
        if reservation.isBacked, reservation.address > address { return reservation.address }
        next = reservation.last == .max ? nil : reservation.last + 1
      }
      return nil
    }.min()
  }
}
