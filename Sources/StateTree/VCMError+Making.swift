internal import VCM

// Short forms for the failures that a tree of files has most often.
extension VCMError {
  /// `EINVAL`: the request itself is wrong.
  static func invalid(_ sentence: String) -> VCMError { VCMError(.invalidArgument, sentence) }

  /// `ENOENT`: something named does not exist.
  static func missing(_ sentence: String) -> VCMError { VCMError(.noSuchObject, sentence) }

  /// `EPERM`: the tree never allows this here.
  static func forbidden(_ sentence: String) -> VCMError { VCMError(.notPermitted, sentence) }

  /// `ENOENT`: the node of a number is gone.
  static var gone: VCMError { VCMError(.noSuchObject, "the object is gone") }
}
