#!/bin/sh
# enterRoot.sh FOLDER COMMAND...: runs a command for which FOLDER is the root of all files. Unlike after chroot, it may make
# user namespaces there, which Chromium's sandbox wants. What is mounted for it nobody else sees, and it is gone with the
# last process in there: there is nothing to unmount, whatever way it ends.
set -eu
exec unshare --mount --propagation private sh -euc '
  mount --bind "$0" "$0"
  cd "$0"
  mount -t proc proc proc
  mount --rbind /sys sys
  mount --rbind /dev dev
  mount -t tmpfs -o mode=1777 shm dev/shm
  mount -t tmpfs -o mode=755 run run
  if [ -d /tmp/.X11-unix ]; then
    mkdir -p -m 1777 tmp/.X11-unix
    mount --bind /tmp/.X11-unix tmp/.X11-unix
  fi
  mkdir run/former
  pivot_root . run/former
  cd /
  umount -l run/former
  rmdir run/former
  exec "$@"
' "$@"
