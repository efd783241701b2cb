// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

// #include "bridge.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/phoneme"
)

// core is a process that has loaded one voice and speaks each utterance in a
// copy of itself, or transcribes, itself (core.c). What it says depends on the voice and the utterance
// alone: the library keeps traces of voices that it had before.
type core struct {
	voice   string
	command *exec.Cmd
	orders  *net.UnixConn
	reads   bool               // it transcribes, and never speaks
	sounds  *phoneme.Inventory // of its language, once it was asked for
}

// answerBytes is the longest message of an answer; it is what a pipe holds.
const answerBytes = 64 << 10

// startCore starts the core of a voice at a volume (volumeOf) and waits until the voice is loaded. It
// ends when the socket to it is closed, in whatever way.
func startCore(ctx context.Context, voice string, volume int) (*core, error) {
	ours, theirs, err := socketPair()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	c := &core{voice: voice, command: exec.Command(executable()), orders: ours}
	c.command.Env = append(os.Environ(), C.CORE_VOICE+"="+voice, C.CORE_VOLUME+"="+strconv.Itoa(volume),
		"LD_BIND_NOW=1") // else each copy resolves its symbols
	c.command.Stdin, c.command.Stderr = theirs, os.Stderr
	if err := c.command.Start(); err != nil {
		_ = ours.Close()
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { c.command.Process.Kill() })
	status, err := c.outcome()
	if !stop() {
		c.close()
		return nil, context.Cause(ctx)
	}
	if err == nil && status != 0 {
		err = errors.New("the voice cannot be loaded")
	}
	if err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// executable is this program, even when its file has been replaced.
func executable() string {
	if runtime.GOOS == "linux" {
		return "/proc/self/exe"
	}
	path, _ := os.Executable()
	return path
}

func socketPair() (ours *net.UnixConn, theirs *os.File, err error) {
	syscall.ForkLock.RLock()
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err == nil {
		unix.CloseOnExec(ends[0])
		unix.CloseOnExec(ends[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, nil, err
	}
	file := os.NewFile(uintptr(ends[0]), "core")
	defer file.Close()
	theirs = os.NewFile(uintptr(ends[1]), "core's end")
	conn, err := net.FileConn(file)
	if err != nil {
		theirs.Close()
		return nil, nil, err
	}
	return conn.(*net.UnixConn), theirs, nil
}

// carryOut has an order carried out and hands hear its answer. The error is
// hear's own, or context.Cause(ctx) when that ended; errLost when the core is
// gone; else one that is ErrFailed.
func (c *core) carryOut(ctx context.Context, kind C.int32_t, text string, hear func(answer io.Reader) error) error {
	answer, err := c.order(kind, text)
	if err != nil {
		return err
	}
	canceled := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(canceled)
		c.cancel()
	})
	heard := hear(answer)
	if heard != nil {
		c.cancel() // nothing, when it is over already
	}
	answer.Close()
	status, err := c.outcome()
	if !stop() {
		<-canceled // before it could hit the next order
	}
	switch {
	case ctx.Err() != nil && heard != nil:
		return context.Cause(ctx)
	case heard != nil && !errors.Is(heard, errCut):
		return heard
	case err != nil:
		return err
	case status.Signaled():
		return fmt.Errorf("%w: espeak-ng crashed (%v)", driver.ErrFailed, status.Signal())
	case heard != nil:
		return fmt.Errorf("%w: espeak-ng gave up", driver.ErrFailed)
	}
	return nil
}

// errLost is the end of a core itself, which nothing that is spoken causes.
var errLost = fmt.Errorf("%w: espeak-ng's process is gone", driver.ErrCrashed)

// order sends an order and returns its answer.
func (c *core) order(kind C.int32_t, text string) (*os.File, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", driver.ErrFailed, err)
	}
	defer write.Close()
	o := C.lectern_order{kind: kind, bytes: C.uint32_t(len(text) + 1)}
	_, _, err = c.orders.WriteMsgUnix(bytesOf(&o), unix.UnixRights(int(write.Fd())), nil) // Fd makes it blocking, as C expects
	if err == nil {
		_, err = c.orders.Write(append([]byte(text), 0))
	}
	if err != nil {
		read.Close()
		return nil, errLost
	}
	return read, nil
}

// cancel kills the copy that carries out the last order, if that is not over. A
// core that reads does that itself, and dies.
func (c *core) cancel() {
	if c.reads {
		c.command.Process.Kill()
		return
	}
	_, _ = c.orders.Write(bytesOf(&C.lectern_order{kind: C.LECTERN_CANCEL})) // who is gone has stopped
}

// outcome waits for the end of an order, or of loading.
func (c *core) outcome() (syscall.WaitStatus, error) {
	var status C.int32_t
	if _, err := io.ReadFull(c.orders, bytesOf(&status)); err != nil {
		return 0, errLost
	}
	return syscall.WaitStatus(status), nil
}

func (c *core) close() {
	_ = c.orders.Close()
	c.command.Wait()
}

// bytesOf is a C value in memory.
func bytesOf[T any](v *T) []byte { return unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v)) }
