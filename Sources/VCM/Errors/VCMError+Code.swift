#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension VCMError {
  /// The kinds of failure.
  ///
  /// Each has exactly one error number.
  public enum Code: String, CaseIterable, Sendable {
    // Arguments.
    case invalidArgument, invalidName, invalidLength, invalidAddress, misaligned, outsideRegion
    case invalidAttribute, notExpressible, tooLongForReservation, notContiguous, notBacked, wrongKind
    case addressTooWide, nameTooLong
    // Objects.
    case nameTaken, alreadyAssociated, noSuchObject, notActive, noDevice, noSuchFormat
    // States.
    case inUse, alreadyActive, deviceTaken, activeAssociation, inactiveAssociation
    case alreadyBacked, backedByAnother, addressTaken
    // Resources.
    case outOfAddressSpace, outOfMemory, outOfTableMemory, noMemoryBehind
    // Hardware.
    case hardwareFailure, fault
    // What a tree of files needs beside these.
    case notPermitted, accessDenied, notADirectory, isADirectory, directoryNotEmpty, tooLarge, fileTooLarge
    case tooManyLinks, crossDevice, noData, wouldBlock, interrupted, badDescriptor, stale, notSupported
    case readOnly, noSpace
  }
}

extension VCMError.Code {
  /// The error number of this code.
  ///
  /// The one table from code to errno; it is total.
  public var errno: Int32 {
    switch self {
    case .invalidArgument, .invalidName, .invalidLength, .invalidAddress, .misaligned, .outsideRegion,
      .invalidAttribute, .notExpressible, .tooLongForReservation, .notContiguous, .notBacked, .wrongKind,
      .noSuchFormat:
      EINVAL
    case .addressTooWide: ERANGE
    case .nameTooLong: ENAMETOOLONG
    case .nameTaken, .alreadyAssociated: EEXIST
    case .noSuchObject, .notActive: ENOENT
    case .noDevice: ENODEV
    case .inUse, .alreadyActive, .deviceTaken, .activeAssociation: EBUSY
    case .inactiveAssociation, .wouldBlock: EAGAIN
    case .alreadyBacked: EALREADY
    case .backedByAnother, .addressTaken: EADDRINUSE
    case .outOfAddressSpace, .outOfMemory, .outOfTableMemory: ENOMEM
    case .noMemoryBehind: ENXIO
    case .hardwareFailure: EIO
    case .fault: EFAULT
    case .notPermitted: EPERM
    case .accessDenied: EACCES
    case .notADirectory: ENOTDIR
    case .isADirectory: EISDIR
    case .directoryNotEmpty: ENOTEMPTY
    case .tooLarge: E2BIG
    case .fileTooLarge: EFBIG
    case .tooManyLinks: ELOOP
    case .crossDevice: EXDEV
    case .noData: ENODATA
    case .interrupted: EINTR
    case .badDescriptor: EBADF
    case .stale: ESTALE
    case .notSupported: EOPNOTSUPP
    case .readOnly: EROFS
    case .noSpace: ENOSPC
    }
  }

  /// The symbolic name of ``errno``, such as `EINVAL`.
  public var symbol: String {
    switch self {
    case .invalidArgument, .invalidName, .invalidLength, .invalidAddress, .misaligned, .outsideRegion,
      .invalidAttribute, .notExpressible, .tooLongForReservation, .notContiguous, .notBacked, .wrongKind,
      .noSuchFormat:
      "EINVAL"
    case .addressTooWide: "ERANGE"
    case .nameTooLong: "ENAMETOOLONG"
    case .nameTaken, .alreadyAssociated: "EEXIST"
    case .noSuchObject, .notActive: "ENOENT"
    case .noDevice: "ENODEV"
    case .inUse, .alreadyActive, .deviceTaken, .activeAssociation: "EBUSY"
    case .inactiveAssociation, .wouldBlock: "EAGAIN"
    case .alreadyBacked: "EALREADY"
    case .backedByAnother, .addressTaken: "EADDRINUSE"
    case .outOfAddressSpace, .outOfMemory, .outOfTableMemory: "ENOMEM"
    case .noMemoryBehind: "ENXIO"
    case .hardwareFailure: "EIO"
    case .fault: "EFAULT"
    case .notPermitted: "EPERM"
    case .accessDenied: "EACCES"
    case .notADirectory: "ENOTDIR"
    case .isADirectory: "EISDIR"
    case .directoryNotEmpty: "ENOTEMPTY"
    case .tooLarge: "E2BIG"
    case .fileTooLarge: "EFBIG"
    case .tooManyLinks: "ELOOP"
    case .crossDevice: "EXDEV"
    case .noData: "ENODATA"
    case .interrupted: "EINTR"
    case .badDescriptor: "EBADF"
    case .stale: "ESTALE"
    case .notSupported: "EOPNOTSUPP"
    case .readOnly: "EROFS"
    case .noSpace: "ENOSPC"
    }
  }
}
