package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"golang.org/x/sys/unix"
)

// promised is what those cost who promise bodies that never come, and those who ask
// for answers that they never read.
//
// Method: on a fresh server each.
//
// Promises: five connections of HTTP/2 with 100 requests each whose headers promise a
// body of 4 MiB, some 8 kB in all for 2 GB; nothing follows. Measured is the largest
// memory of the server process (VmHWM) until the last request is over, and how long
// after its headers that is: answered or reset, or its connection closed.
//
// Readers: 20 connections of HTTP/1.1 with a small window that ask for seven minutes of
// pauses at 48,000 Hz each (two with -quick), 54 MB in base64, and read nothing of it.
// Measured is VmHWM again, and the longest time from the first byte of an answer until
// the server has closed its connection (/proc/net/tcp). Answers wait for those before
// them, or are refused, where the memory for answers is in use.
func promised(ctx context.Context, l *lab) ([]row, error) {
	var rows []row
	for _, m := range []struct {
		name string
		take func(context.Context, *lab, *server) (sent int, over time.Duration, err error)
	}{
		{"500 bodies that promise 2 GB", promiseBodies},
		{"20 readers that never read", neverRead},
	} {
		s, err := l.fresh(ctx, "promised")
		if err != nil {
			return rows, err
		}
		r, err := takePromised(ctx, l, s, m.name, m.take)
		s.discard()
		if err != nil {
			return rows, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func takePromised(ctx context.Context, l *lab, s *server, name string, take func(context.Context, *lab, *server) (int, time.Duration, error)) (row, error) {
	const most, latest = 200e6, time.Minute
	if _, err := s.voice(ctx, espeak); err != nil {
		return row{}, err
	}
	idle, err := memory(s.pid(), "VmRSS")
	if err != nil {
		return row{}, err
	}
	sent, over, err := take(ctx, l, s)
	if err != nil {
		return row{}, fmt.Errorf("%s: %w: %s", name, err, s.lastWords())
	}
	peak, err := memory(s.pid(), "VmHWM")
	if err != nil {
		return row{}, err
	}
	return row{
		name: name, bar: fmt.Sprintf("server <= %s; all cut off within %s", megabytes(most), latest),
		measured:  fmt.Sprintf("VmHWM %s; %d bytes sent; over after %.1f s at most", megabytes(peak), sent, over.Seconds()),
		reference: "the server before: VmRSS " + megabytes(idle),
		verdict:   judge(peak <= most, over <= latest),
	}, s.stop()
}

// promisePatience is how long is waited for what should end within a minute.
const promisePatience = 90 * time.Second

func promiseBodies(_ context.Context, _ *lab, s *server) (sent int, over time.Duration, err error) {
	const connections, streams = 5, 100
	var conns []net.Conn
	defer func() {
		for _, c := range conns {
			c.Close()
		}
	}()
	for range connections {
		request, err := promises(s.address, streams)
		if err != nil {
			return sent, 0, err
		}
		conn, err := net.Dial("tcp", s.address)
		if err != nil {
			return sent, 0, err
		}
		conns = append(conns, conn)
		if _, err := conn.Write(request); err != nil {
			return sent, 0, err
		}
		sent += len(request)
	}
	begun := time.Now()
	ended := make(chan int, connections)
	for _, conn := range conns {
		conn.SetReadDeadline(begun.Add(promisePatience))
		go func() { ended <- streamsLeft(conn, streams) }()
	}
	left := 0
	for range conns {
		left += <-ended
	}
	if left > 0 {
		return sent, 0, fmt.Errorf("%d requests are still there after %v", left, promisePatience)
	}
	return sent, time.Since(begun), nil
}

// promises are the bytes of a connection whose requests promise bodies.
func promises(authority string, streams int) ([]byte, error) {
	var all, block bytes.Buffer
	all.WriteString(http2.ClientPreface)
	frames, headers := http2.NewFramer(&all, nil), hpack.NewEncoder(&block)
	if err := frames.WriteSettings(); err != nil {
		return nil, err
	}
	for i := range streams {
		block.Reset()
		for _, h := range [][2]string{{":method", "POST"}, {":scheme", "http"}, {":path", "/v1/text:synthesize"}, {":authority", authority}, {"content-type", "application/json"}, {"content-length", "4194304"}} {
			if err := headers.WriteField(hpack.HeaderField{Name: h[0], Value: h[1]}); err != nil {
				return nil, err
			}
		}
		if err := frames.WriteHeaders(http2.HeadersFrameParam{StreamID: uint32(2*i + 1), BlockFragment: block.Bytes(), EndHeaders: true}); err != nil {
			return nil, err
		}
	}
	return all.Bytes(), nil
}

// streamsLeft reads until all streams are over, or the connection is, and returns how
// many are not when the time is up.
func streamsLeft(conn net.Conn, streams int) int {
	frames := http2.NewFramer(conn, conn)
	open := streams
	for open > 0 {
		f, err := frames.ReadFrame()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return open
		}
		if err != nil {
			return 0 // the server has closed it
		}
		h := f.Header()
		switch {
		case h.StreamID == 0:
		case h.Type == http2.FrameRSTStream, (h.Type == http2.FrameHeaders || h.Type == http2.FrameData) && h.Flags.Has(http2.FlagDataEndStream):
			open--
		}
	}
	return 0
}

func neverRead(ctx context.Context, l *lab, s *server) (sent int, over time.Duration, err error) {
	const readers, window = 20, 4 << 10
	body, err := json.Marshal(map[string]any{
		"input":       map[string]any{"ssml": "<speak>" + strings.Repeat(`<break time="60s"/>`, l.count(7, 2)) + "</speak>"},
		"audioConfig": map[string]any{"audioEncoding": "LINEAR16", "sampleRateHertz": 48000},
		"voice":       map[string]any{"languageCode": "en-US"},
	})
	if err != nil {
		return 0, 0, err
	}
	request := fmt.Sprintf("POST /v1/text:synthesize HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", s.address, len(body), body)
	waiting := map[string]*net.TCPConn{} // by their addresses
	for range readers {
		conn, err := net.Dial("tcp", s.address)
		if err != nil {
			return sent, 0, err
		}
		defer conn.Close()
		reader := conn.(*net.TCPConn)
		if err := reader.SetReadBuffer(window); err != nil {
			return sent, 0, err
		}
		n, err := conn.Write([]byte(request))
		if sent += n; err != nil {
			return sent, 0, err
		}
		waiting[conn.LocalAddr().String()] = reader
	}
	answered := map[string]time.Time{}
	for begun := time.Now(); len(waiting) > 0; pause(ctx, 50*time.Millisecond) {
		if time.Since(begun) > 3*promisePatience || ctx.Err() != nil {
			return sent, over, fmt.Errorf("%d connections are still there", len(waiting))
		}
		served, err := establishedWith(s.address)
		if err != nil {
			return sent, over, err
		}
		for address, conn := range waiting {
			if _, ok := answered[address]; !ok && arrived(conn) > 0 {
				answered[address] = time.Now()
			}
			if served[address] {
				continue
			}
			if since, ok := answered[address]; ok {
				over = max(over, time.Since(since))
			}
			delete(waiting, address)
		}
	}
	return sent, over, nil
}

// arrived is how many bytes have come that nobody has read.
func arrived(conn *net.TCPConn) (bytes int) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0
	}
	_ = raw.Control(func(fd uintptr) { bytes, _ = unix.IoctlGetInt(int(fd), unix.TIOCINQ) })
	return bytes
}

// establishedWith are the addresses on loopback with which a server has connections that
// neither side has closed.
func establishedWith(server string) (map[string]bool, error) {
	const established = "01"
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		return nil, err
	}
	with := map[string]bool{}
	for line := range strings.Lines(string(table)) {
		fields := strings.Fields(line)
		if len(fields) > 3 && fields[3] == established && loopback(fields[1]) == server {
			with[loopback(fields[2])] = true
		}
	}
	return with, nil
}

// loopback is an address of /proc/net/tcp, 0100007F:1F90, as others write it.
func loopback(hex string) string {
	_, port, _ := strings.Cut(hex, ":")
	n, err := strconv.ParseUint(port, 16, 16)
	if err != nil || !strings.HasPrefix(hex, "0100007F") {
		return ""
	}
	return fmt.Sprintf("127.0.0.1:%d", n)
}
