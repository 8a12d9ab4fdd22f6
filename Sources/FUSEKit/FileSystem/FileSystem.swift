/// A filesystem: one method for each thing that the kernel asks.
///
/// A class, since one object serves all requests.
///
/// ```swift
/// final class Hello: FileSystem {
///   func lookup(
///     _ name: FileName, in parent: InodeNumber, context: RequestContext, reply: consuming EntryReply
///   ) {
///     guard parent == .root, name.string == "hello" else { return reply.missing(for: .forever) }
///     reply.succeed(Entry(attributes: hello, entryTimeout: .forever, attributeTimeout: .forever))
///   }
///   …
/// }
/// try Session(Hello(), options: SessionOptions(name: "hello")).run(at: "/mnt")
/// ```
///
/// **Answering.** Each method gets a reply and answers it exactly once, mostly before it returns. A method
/// that can't answer yet keeps the reply (``KeptReply``) and returns: there are as many threads as cores, and
/// one that sleeps in a method is missing. Methods are called on several threads at once, also for the same
/// file, save where ``SessionOptions/isSingleThreaded``. These threads are plain POSIX threads of libfuse,
/// never those of Swift's concurrency.
///
/// **Not serving.** The defaults answer ENOSYS. For flush, fsync, fsyncdir, poll, lseek, copy_file_range,
/// fallocate, and each of the four operations on extended attributes, that is final for the mount: the kernel
/// never asks again, and acts as is best without (a flush succeeds, a poll says ready, a copy goes by read
/// and write, an attribute operation fails with EOPNOTSUPP). So implement none of those only to refuse it.
/// access(2) is never served: use `default_permissions`.
///
/// **Numbers from outside** (offsets, sizes, lengths, handles of deleted files, names) may have any value.
///
/// **What the kernel caches.** Names for their entry timeout, attributes for their attribute timeout, also
/// that a name does *not* exist; pages of files that are not opened with ``OpenOptions/directIO``; listings
/// with ``OpenOptions/cacheDirectory``, as long as the directory's modification time stays the same; targets of links with ``SessionOptions/cachesLinkTargets``. What
/// changes without a request for that very name or file has to be taken out by ``Notifier``, which also says
/// what must never be done from where.
public protocol FileSystem: AnyObject, Sendable {
  /// The kernel has opened the connection. Called once, before all else.
  func initialize(_ connection: ConnectionInfo)

  /// The loop has ended; nothing is asked any more. Called once if `initialize` was. All lookup counts are
  /// zero now, whatever was not forgotten, and replies that are still kept should be dropped.
  func destroy()

  /// Which file has this name in this directory? ENOENT by ``EntryReply/missing(for:)`` is cached, by `fail`
  /// it isn't.
  func lookup(_ name: FileName, in parent: InodeNumber, context: RequestContext, reply: consuming EntryReply)

  /// The kernel has dropped `count` of the lookups of `inode`; at zero it names it no more. Nobody waits for
  /// this.
  func forget(_ inode: InodeNumber, count: UInt64)

  /// stat(2), and whatever else needs attributes that are not cached.
  ///
  /// - Parameter handle: The opening by which it is asked (fstat); libfuse 3.14 never says.
  func attributes(
    of inode: InodeNumber, handle: FileHandle?, context: RequestContext, reply: consuming AttributesReply)

  /// chmod, chown, truncate, utimensat.
  ///
  /// - Parameter handle: The opening by which it is asked (ftruncate), or nil.
  func setAttributes(
    _ changes: AttributeChanges, of inode: InodeNumber, handle: FileHandle?, context: RequestContext,
    reply: consuming AttributesReply)

  /// readlink(2).
  func readLink(_ inode: InodeNumber, context: RequestContext, reply: consuming LinkTargetReply)

  /// mkdir(2).
  func makeDirectory(
    _ name: FileName, in parent: InodeNumber, permissions: UInt16, context: RequestContext,
    reply: consuming EntryReply)

  /// mknod(2).
  func makeNode(
    _ name: FileName, in parent: InodeNumber, mode: FileMode, deviceNumber: UInt32, context: RequestContext,
    reply: consuming EntryReply)

  /// symlink(2).
  func makeSymbolicLink(
    _ name: FileName, in parent: InodeNumber, target: FileName, context: RequestContext,
    reply: consuming EntryReply)

  /// link(2): `name` becomes another name of `inode`.
  func makeHardLink(
    _ name: FileName, in parent: InodeNumber, to inode: InodeNumber, context: RequestContext,
    reply: consuming EntryReply)

  /// unlink(2). The inode may be used until it is forgotten.
  func unlink(_ name: FileName, in parent: InodeNumber, context: RequestContext, reply: consuming StatusReply)

  /// rmdir(2). The inode may be used until it is forgotten.
  func removeDirectory(
    _ name: FileName, in parent: InodeNumber, context: RequestContext, reply: consuming StatusReply)

  /// rename(2), renameat2(2).
  func rename(_ request: RenameRequest, context: RequestContext, reply: consuming StatusReply)

  /// open(2). ENOSYS would be final for the whole mount: every open succeeds unasked from then on.
  func open(_ request: OpenRequest, context: RequestContext, reply: consuming OpenReply)

  /// open(2) with O_CREAT of a name that does not exist. ENOSYS is final: `makeNode` and `open` are asked
  /// instead.
  func create(
    _ name: FileName, in parent: InodeNumber, permissions: UInt16, flags: OpenFlags, context: RequestContext,
    reply: consuming CreateReply)

  /// read(2), and what fills the page cache.
  func read(_ request: ReadRequest, context: RequestContext, reply: consuming ReadReply)

  /// write(2). `bytes` is valid only until this returns.
  func write(
    _ bytes: UnsafeRawBufferPointer, _ request: WriteRequest, context: RequestContext,
    reply: consuming WriteReply)

  /// close(2) of one descriptor; an error is what close returns.
  func flush(_ inode: InodeNumber, handle: FileHandle, context: RequestContext, reply: consuming StatusReply)

  /// The last descriptor and mapping of an opening has gone. Nobody waits for this; close(2) has returned.
  func release(_ inode: InodeNumber, handle: FileHandle, flags: OpenFlags)

  /// fsync(2), fdatasync(2).
  func synchronize(
    _ inode: InodeNumber, handle: FileHandle, dataOnly: Bool, context: RequestContext,
    reply: consuming StatusReply)

  /// opendir(3). ENOSYS is final for the whole mount where ``ConnectionInfo/directoriesNeedNoOpening``: neither opening
  /// nor closing is told any more, and handles are zero. Elsewhere it is what the caller gets.
  func openDirectory(_ request: OpenRequest, context: RequestContext, reply: consuming OpenReply)

  /// readdir(3); with attributes where ``DirectoryReply/includesAttributes``.
  func readDirectory(
    _ request: ReadDirectoryRequest, context: RequestContext, reply: consuming DirectoryReply)

  /// The directory's last descriptor has gone. Nobody waits for this.
  func releaseDirectory(_ inode: InodeNumber, handle: FileHandle)

  /// fsync(2) of a directory.
  func synchronizeDirectory(
    _ inode: InodeNumber, handle: FileHandle, dataOnly: Bool, context: RequestContext,
    reply: consuming StatusReply)

  /// statfs(2), statvfs(3): `df`.
  func statistics(of inode: InodeNumber, context: RequestContext, reply: consuming StatisticsReply)

  /// getxattr(2). A name that does not exist is ENODATA.
  func extendedAttribute(
    _ name: FileName, of inode: InodeNumber, context: RequestContext, reply: consuming ExtendedAttributeReply)

  /// listxattr(2).
  func extendedAttributeNames(
    of inode: InodeNumber, context: RequestContext, reply: consuming ExtendedAttributeReply)

  /// setxattr(2). `value` is valid only until this returns.
  func setExtendedAttribute(
    _ request: SetExtendedAttributeRequest, value: UnsafeRawBufferPointer, context: RequestContext,
    reply: consuming StatusReply)

  /// removexattr(2).
  func removeExtendedAttribute(
    _ name: FileName, of inode: InodeNumber, context: RequestContext, reply: consuming StatusReply)

  /// poll(2), select(2), epoll(7).
  func poll(_ request: PollRequest, context: RequestContext, reply: consuming PollReply)

  /// copy_file_range(2) within this filesystem. Fewer bytes than asked for may be copied.
  func copyRange(_ request: CopyRequest, context: RequestContext, reply: consuming WriteReply)

  /// lseek(2) with SEEK_DATA or SEEK_HOLE.
  func seek(_ request: SeekRequest, context: RequestContext, reply: consuming SeekReply)

  /// fallocate(2).
  func allocate(_ request: AllocateRequest, context: RequestContext, reply: consuming StatusReply)
}
