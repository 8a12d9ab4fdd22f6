internal import VCM

/// What a line of `map` asks for: a buffer and a reservation of one size, the one behind the other.
struct MappingRequest {
  var reservation: ReservationRequest
  var allocation: PhysicalRequest
}

/// The lines of `map`.
enum MappingGrammar {
  static let vocabulary = RequestVocabulary(
    keys: ReservationGrammar.vocabulary.keys + [
      ("memtype", "NAME[,NAME...]"), ("blocks", "SIZE[,SIZE...]"), ("buffer", "NAME"), ("phys", "ADDRESS"),
    ],
    flags: ReservationGrammar.vocabulary.flags + ["contiguous"])

  /// What a fresh open of the file reads.
  static let help = """
    # One mapping a line: SIZE [key=value | flag ...] allocates, reserves and backs; all lines or none.
    # The reservation's words are those of reserve:
    #   align=SIZE at=ADDRESS bound=NAME name=NAME
    #   prot=rwx cache=none|wb-wa|wb-nwa|wt user|supervisor secure, or attr=NUMBER
    # The buffer's: memtype=NAME,... blocks=SIZE,... contiguous phys=ADDRESS (an existing range)
    #   buffer=NAME (else it is named as the reservation is by name=)
    # Example: 1M memtype=mt0 name=frame prot=rw
    # Reading the descriptor that was written gives the reservations' names.

    """

  /// What a line asks for.
  ///
  /// - Throws: `EINVAL`.
  static func request(_ line: RequestLine) throws(VCMError) -> MappingRequest {
    var ofBuffer: [RequestLine.Option] = []
    var ofReservation: [RequestLine.Option] = []
    var bufferName: String?
    for option in line.options {
      try vocabulary.check(option)
      switch option.key {
      case "buffer": bufferName = option.value.map { String($0) }
      case "phys": ofBuffer.append(RequestLine.Option(key: "at", value: option.value))
      case "memtype", "blocks", "contiguous": ofBuffer.append(option)
      default: ofReservation.append(option)
      }
    }
    let reservation = try ReservationGrammar.request(RequestLine(head: line.head, options: ofReservation))
    var allocation = try AllocationGrammar.request(RequestLine(head: line.head, options: ofBuffer))
    allocation.name = bufferName ?? reservation.name
    return MappingRequest(reservation: reservation, allocation: allocation)
  }
}

/// Does what lines of `map` ask for: all of it, or nothing.
struct Mapper {
  let state: TreeState
  let region: Region

  /// Makes buffers and reservations, and puts the ones behind the others; the reservations' names.
  func map(_ requests: [MappingRequest]) throws(VCMError) -> [String] {
    let allocations = try state.allocate(requests.map(\.allocation))
    var reservations: [Reservation] = []
    do throws(VCMError) {
      reservations = try state.engine.reserve(requests.map(\.reservation), in: region)
      for (reservation, allocation) in zip(reservations, allocations) {
        try state.engine.back(reservation, with: allocation)
      }
    } catch {
      for reservation in reservations {
        if reservation.isBacked { try? state.engine.unback(reservation) }
        try? state.engine.unreserve(reservation)
      }
      for allocation in allocations { try? state.engine.free(allocation) }
      throw error
    }
    return reservations.map(\.name)
  }
}
