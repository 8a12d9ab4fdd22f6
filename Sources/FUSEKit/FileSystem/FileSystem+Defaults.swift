// What a filesystem does that says nothing of an operation. ENOSYS costs one request for each mount where the
// kernel then stops asking; the operations that would not stop (or would stop in a wrong way) get the errno
// that a caller expects.
extension FileSystem {
  /// Does nothing.
  public func initialize(_ connection: ConnectionInfo) {}

  /// Does nothing.
  public func destroy() {}

  /// ENOENT.
  public func lookup(
    _ name: FileName, in parent: InodeNumber, context: RequestContext, reply: consuming EntryReply
  ) {
    reply.fail(.noEntry)
  }

  /// Does nothing: for filesystems whose inodes are never freed.
  public func forget(_ inode: InodeNumber, count: UInt64) {}

  /// ENOSYS.
  public func attributes(
    of inode: InodeNumber, handle: FileHandle?, context: RequestContext, reply: consuming AttributesReply
  ) {
    reply.fail(.notImplemented)
  }

  /// EPERM.
  public func setAttributes(
    _ changes: AttributeChanges, of inode: InodeNumber, handle: FileHandle?, context: RequestContext,
    reply: consuming AttributesReply
  ) {
    reply.fail(.notPermitted)
  }

  /// EINVAL: no link.
  public func readLink(_ inode: InodeNumber, context: RequestContext, reply: consuming LinkTargetReply) {
    reply.fail(.invalidArgument)
  }

  /// EPERM.
  public func makeDirectory(
    _ name: FileName, in parent: InodeNumber, permissions: UInt16, context: RequestContext,
    reply: consuming EntryReply
  ) {
    reply.fail(.notPermitted)
  }

  /// EPERM.
  public func makeNode(
    _ name: FileName, in parent: InodeNumber, mode: FileMode, deviceNumber: UInt32, context: RequestContext,
    reply: consuming EntryReply
  ) {
    reply.fail(.notPermitted)
  }

  /// EPERM.
  public func makeSymbolicLink(
    _ name: FileName, in parent: InodeNumber, target: FileName, context: RequestContext,
    reply: consuming EntryReply
  ) {
    reply.fail(.notPermitted)
  }

  /// EPERM: this filesystem has no hard links.
  public func makeHardLink(
    _ name: FileName, in parent: InodeNumber, to inode: InodeNumber, context: RequestContext,
    reply: consuming EntryReply
  ) {
    reply.fail(.notPermitted)
  }

  /// EPERM.
  public func unlink(
    _ name: FileName, in parent: InodeNumber, context: RequestContext, reply: consuming StatusReply
  ) {
    reply.fail(.notPermitted)
  }

  /// EPERM.
  public func removeDirectory(
    _ name: FileName, in parent: InodeNumber, context: RequestContext, reply: consuming StatusReply
  ) {
    reply.fail(.notPermitted)
  }

  /// EPERM.
  public func rename(_ request: RenameRequest, context: RequestContext, reply: consuming StatusReply) {
    reply.fail(.notPermitted)
  }

  /// Opens with nothing kept.
  public func open(_ request: OpenRequest, context: RequestContext, reply: consuming OpenReply) {
    reply.succeed(handle: .none)
  }

  /// EPERM.
  public func create(
    _ name: FileName, in parent: InodeNumber, permissions: UInt16, flags: OpenFlags, context: RequestContext,
    reply: consuming CreateReply
  ) {
    reply.fail(.notPermitted)
  }

  /// EIO.
  public func read(_ request: ReadRequest, context: RequestContext, reply: consuming ReadReply) {
    reply.fail(.inputOutput)
  }

  /// EPERM.
  public func write(
    _ bytes: UnsafeRawBufferPointer, _ request: WriteRequest, context: RequestContext,
    reply: consuming WriteReply
  ) {
    reply.fail(.notPermitted)
  }

  /// ENOSYS: close(2) succeeds without asking.
  public func flush(
    _ inode: InodeNumber, handle: FileHandle, context: RequestContext, reply: consuming StatusReply
  ) {
    reply.fail(.notImplemented)
  }

  /// Does nothing.
  public func release(_ inode: InodeNumber, handle: FileHandle, flags: OpenFlags) {}

  /// ENOSYS: fsync(2) succeeds without asking.
  public func synchronize(
    _ inode: InodeNumber, handle: FileHandle, dataOnly: Bool, context: RequestContext,
    reply: consuming StatusReply
  ) {
    reply.fail(.notImplemented)
  }

  /// Opens with nothing kept.
  public func openDirectory(_ request: OpenRequest, context: RequestContext, reply: consuming OpenReply) {
    reply.succeed(handle: .none)
  }

  /// An empty directory.
  public func readDirectory(
    _ request: ReadDirectoryRequest, context: RequestContext, reply: consuming DirectoryReply
  ) {
    reply.send()
  }

  /// Does nothing.
  public func releaseDirectory(_ inode: InodeNumber, handle: FileHandle) {}

  /// ENOSYS: fsync(2) of a directory succeeds without asking.
  public func synchronizeDirectory(
    _ inode: InodeNumber, handle: FileHandle, dataOnly: Bool, context: RequestContext,
    reply: consuming StatusReply
  ) {
    reply.fail(.notImplemented)
  }

  /// All zero.
  public func statistics(
    of inode: InodeNumber, context: RequestContext, reply: consuming StatisticsReply
  ) {
    reply.succeed(FileSystemStatistics())
  }

  /// ENOSYS: the caller gets EOPNOTSUPP, and the kernel asks no more.
  public func extendedAttribute(
    _ name: FileName, of inode: InodeNumber, context: RequestContext, reply: consuming ExtendedAttributeReply
  ) {
    reply.fail(.notImplemented)
  }

  /// ENOSYS: the caller gets EOPNOTSUPP, and the kernel asks no more.
  public func extendedAttributeNames(
    of inode: InodeNumber, context: RequestContext, reply: consuming ExtendedAttributeReply
  ) {
    reply.fail(.notImplemented)
  }

  /// ENOSYS: the caller gets EOPNOTSUPP, and the kernel asks no more.
  public func setExtendedAttribute(
    _ request: SetExtendedAttributeRequest, value: UnsafeRawBufferPointer, context: RequestContext,
    reply: consuming StatusReply
  ) {
    reply.fail(.notImplemented)
  }

  /// ENOSYS: the caller gets EOPNOTSUPP, and the kernel asks no more.
  public func removeExtendedAttribute(
    _ name: FileName, of inode: InodeNumber, context: RequestContext, reply: consuming StatusReply
  ) {
    reply.fail(.notImplemented)
  }

  /// ENOSYS: the file is always ready, and the kernel asks no more.
  public func poll(_ request: PollRequest, context: RequestContext, reply: consuming PollReply) {
    reply.fail(.notImplemented)
  }

  /// ENOSYS: the kernel copies by read and write.
  public func copyRange(_ request: CopyRequest, context: RequestContext, reply: consuming WriteReply) {
    reply.fail(.notImplemented)
  }

  /// ENOSYS: the whole file is data.
  public func seek(_ request: SeekRequest, context: RequestContext, reply: consuming SeekReply) {
    reply.fail(.notImplemented)
  }

  /// ENOSYS: the caller gets EOPNOTSUPP.
  public func allocate(_ request: AllocateRequest, context: RequestContext, reply: consuming StatusReply) {
    reply.fail(.notImplemented)
  }
}
