internal import CFuse

extension Operations {
  /// Opening and closing.
  static func setFiles(_ table: inout fuse_lowlevel_ops) {
    table.open = { request, inode, info in
      Operations.serve(request) { fileSystem, context, pending in
        let open = OpenRequest(inode: InodeNumber(rawValue: inode), flags: Operations.flags(info))
        fileSystem.open(open, context: context, reply: OpenReply(pending: pending))
      }
    }
    table.create = { request, parent, name, mode, info in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.create(
          Operations.name(name), in: InodeNumber(rawValue: parent), permissions: UInt16(mode & 0o7777),
          flags: Operations.flags(info), context: context, reply: CreateReply(pending: pending))
      }
    }
    table.flush = { request, inode, info in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.flush(
          InodeNumber(rawValue: inode), handle: Operations.handle(info), context: context,
          reply: StatusReply(pending: pending))
      }
    }
    table.release = { request, inode, info in
      Operations.tell(request) {
        $0.release(
          InodeNumber(rawValue: inode), handle: Operations.handle(info), flags: Operations.flags(info))
      }
      fuse_reply_err(request, 0)
    }
    table.fsync = { request, inode, dataOnly, info in
      Operations.serve(request) { fileSystem, context, pending in
        fileSystem.synchronize(
          InodeNumber(rawValue: inode), handle: Operations.handle(info), dataOnly: dataOnly != 0,
          context: context, reply: StatusReply(pending: pending))
      }
    }
  }

  /// Reading, writing and what else goes on in an open file.
  static func setContents(_ table: inout fuse_lowlevel_ops) {
    setTransfers(&table)
    table.poll = { request, inode, info, waiter in
      Operations.serve(request) { fileSystem, context, pending in
        let connection = pending.owner
        let poll = PollRequest(
          inode: InodeNumber(rawValue: inode), handle: Operations.handle(info),
          events: PollEvents(rawValue: info?.pointee.poll_events ?? 0),
          waiter: waiter.map { PollHandle($0, connection: connection) })
        fileSystem.poll(poll, context: context, reply: PollReply(pending: pending))
      }
    }
    table.lseek = { request, inode, offset, whence, info in
      Operations.serve(request) { fileSystem, context, pending in
        // The kernel sends SEEK_DATA (3) and SEEK_HOLE (4) only; the others it does by itself.
        let seek = SeekRequest(
          inode: InodeNumber(rawValue: inode), handle: Operations.handle(info),
          offset: Operations.offset(offset), target: whence == 3 ? .data : .hole)
        fileSystem.seek(seek, context: context, reply: SeekReply(pending: pending))
      }
    }
    table.fallocate = { request, inode, mode, offset, length, info in
      Operations.serve(request) { fileSystem, context, pending in
        let allocate = AllocateRequest(
          inode: InodeNumber(rawValue: inode), handle: Operations.handle(info), mode: mode,
          offset: Operations.offset(offset), length: Operations.offset(length))
        fileSystem.allocate(allocate, context: context, reply: StatusReply(pending: pending))
      }
    }
  }

  private static func setTransfers(_ table: inout fuse_lowlevel_ops) {
    table.read = { request, inode, size, offset, info in
      Operations.serve(request) { fileSystem, context, pending in
        let read = ReadRequest(
          inode: InodeNumber(rawValue: inode), handle: Operations.handle(info),
          offset: Operations.offset(offset), size: size, flags: Operations.flags(info),
          isForPageCache: (info?.pointee.lock_owner ?? 0) == 0)
        fileSystem.read(read, context: context, reply: ReadReply(pending: pending, size: size))
      }
    }
    table.write = { request, inode, bytes, size, offset, info in
      Operations.serve(request) { fileSystem, context, pending in
        let inode = InodeNumber(rawValue: inode)
        let write = WriteRequest(
          inode: inode, handle: Operations.handle(info), offset: Operations.offset(offset),
          flags: Operations.flags(info), isFromPageCache: (info?.pointee.writepage ?? 0) != 0)
        fileSystem.write(
          UnsafeRawBufferPointer(start: bytes, count: size), write, context: context,
          // A mapping of a direct file writes through the page cache too, whose page then waits for this answer.
          reply: WriteReply(
            pending: pending, held: write.isFromPageCache || (info?.pointee.fh ?? 0) & 1 == 0 ? inode : nil))
      }
    }
    table.copy_file_range = {
      request, source, sourceOffset, sourceInfo, target, targetOffset, targetInfo, length, _ in
      Operations.serve(request) { fileSystem, context, pending in
        let destination = InodeNumber(rawValue: target)
        let copy = CopyRequest(
          source: InodeNumber(rawValue: source), sourceHandle: Operations.handle(sourceInfo),
          sourceOffset: Operations.offset(sourceOffset), destination: destination,
          destinationHandle: Operations.handle(targetInfo),
          destinationOffset: Operations.offset(targetOffset), length: UInt64(length))
        fileSystem.copyRange(
          copy, context: context, reply: WriteReply(pending: pending, held: nil))
      }
    }
  }
}
