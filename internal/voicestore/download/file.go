package download

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/lectern/lectern/fault"
)

// Want is one file: where it is and what it is.
type Want struct {
	// Name is for messages.
	Name    string
	Address string
	// Size in bytes; 0 means that it is not known.
	Size int64
	// SHA256 and MD5 are in hexadecimal; empty means not known.
	SHA256, MD5 string
}

// File gets a file to path, or the rest of what lies in path.part. progress, if
// not nil, is told how many bytes are there, those of earlier runs included. It
// returns when path is there, or with an error, when path is not and path.part is
// what a later call goes on from, if it is of use.
func (c *Client) File(ctx context.Context, w Want, path string, progress func(done int64)) error {
	if progress == nil {
		progress = func(int64) {}
	}
	for again := false; ; again = true {
		got := &partial{want: w, path: path + ".part", progress: progress}
		if err := got.open(); err != nil {
			return wrote(err)
		}
		joined := got.size > 0
		err := c.persist(ctx, w.Address, func(ctx context.Context) (int64, error) { return c.attempt(ctx, got) })
		joined = joined || got.joined
		if closed := got.file.Close(); err == nil && closed != nil {
			err = wrote(closed)
		}
		if err == nil {
			err = w.Check(ctx, got.path)
		}
		if err == nil {
			os.Remove(got.path + ".tag")
			return os.Rename(got.path, path)
		}
		if !fault.Is(err, fault.DataLoss) {
			return err
		}
		got.remove()
		if !joined || again {
			return err
		}
		// Pieces of different versions were joined: once more, from the start.
	}
}

// Check compares a file that lies at path with w. A file that differs is a
// DATA_LOSS.
func (w Want) Check(ctx context.Context, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	n := int64(0)
	type digest struct {
		name, want string
		hash       hash.Hash
	}
	digests := []digest{{"SHA-256", w.SHA256, sha256.New()}, {"MD5", w.MD5, md5.New()}}
	var sinks []io.Writer
	for _, d := range digests {
		if d.want != "" {
			sinks = append(sinks, d.hash)
		}
	}
	buffer := make([]byte, 1<<20)
	for sink := io.MultiWriter(sinks...); ; {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		k, err := file.Read(buffer)
		n += int64(k)
		sink.Write(buffer[:k])
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	if w.Size > 0 && n != w.Size {
		return fault.New(fault.DataLoss, "%s was refused: it has %d bytes, and should have %d.", w.Name, n, w.Size)
	}
	for _, d := range digests {
		if got := hex.EncodeToString(d.hash.Sum(nil)); d.want != "" && !strings.EqualFold(got, d.want) {
			return fault.New(fault.DataLoss, "%s was refused: its %s is %s, and should be %s.", w.Name, d.name, got, d.want)
		}
	}
	return nil
}

// partial is a file on its way.
type partial struct {
	want     Want
	path     string
	file     *os.File
	size     int64
	joined   bool // it consists of pieces of several answers
	progress func(int64)
}

func (p *partial) open() error {
	file, err := os.OpenFile(p.path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	p.file = file
	p.size, err = file.Seek(0, io.SeekEnd)
	if err == nil && p.want.Size > 0 && p.size > p.want.Size {
		err = p.restart()
	}
	if err == nil && p.size > 0 {
		p.progress(p.size)
	}
	return err
}

// restart drops what is there.
func (p *partial) restart() error {
	p.size, p.joined = 0, false
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := os.Remove(p.path + ".tag"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return p.file.Truncate(0)
}

func (p *partial) remove() {
	os.Remove(p.path)
	os.Remove(p.path + ".tag")
}

func (p *partial) complete() bool { return p.want.Size > 0 && p.size == p.want.Size }

// attempt makes one request for what is missing and writes what comes.
func (c *Client) attempt(ctx context.Context, p *partial) (got int64, err error) {
	if p.complete() {
		return 0, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stalled := time.AfterFunc(connectTimeout+headerTimeout+stallTimeout, cancel)
	defer stalled.Stop()

	header := http.Header{}
	if p.size > 0 {
		header.Set("Range", fmt.Sprintf("bytes=%d-", p.size))
		if tag, err := os.ReadFile(p.path + ".tag"); err == nil {
			header.Set("If-Range", string(tag))
		}
	}
	response, err := c.ask(ctx, p.want.Address, header)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	whole, err := p.begin(response)
	if err != nil {
		return 0, err
	}
	if p.want.Size > 0 && whole >= 0 && whole != p.want.Size {
		return 0, never{fault.New(fault.DataLoss, "%s was refused: the server has %d bytes, and it should have %d.", p.want.Name, whole, p.want.Size)}
	}
	buffer := make([]byte, 128<<10)
	for {
		n, err := response.Body.Read(buffer)
		if n > 0 {
			stalled.Reset(stallTimeout)
			if p.want.Size > 0 && p.size+int64(n) > p.want.Size {
				return got, never{fault.New(fault.DataLoss, "%s was refused: it has more than the %d bytes that it should have.", p.want.Name, p.want.Size)}
			}
			if _, err := p.file.Write(buffer[:n]); err != nil {
				return got, never{wrote(err)}
			}
			p.size += int64(n)
			got += int64(n)
			p.progress(p.size)
		}
		switch {
		case err == io.EOF && (p.want.Size <= 0 && (whole < 0 || p.size == whole) || p.complete()):
			return got, nil
		case err == io.EOF:
			return got, io.ErrUnexpectedEOF
		case err != nil:
			return got, err
		}
	}
}

// begin puts the file where the answer's first byte belongs. It returns the
// size of the whole file, -1 if the answer does not tell.
func (p *partial) begin(response *http.Response) (whole int64, err error) {
	switch response.StatusCode {
	case http.StatusPartialContent:
		var from, to int64
		_, err := fmt.Sscanf(response.Header.Get("Content-Range"), "bytes %d-%d/%d", &from, &to, &whole)
		if err != nil || from != p.size {
			if err := p.restart(); err != nil {
				return 0, never{wrote(err)}
			}
			return 0, fmt.Errorf("the range %q was sent", response.Header.Get("Content-Range"))
		}
		p.joined = true
		return whole, nil
	case http.StatusRequestedRangeNotSatisfiable:
		if p.size == 0 {
			return 0, never{&status{code: response.StatusCode}}
		}
		if err := p.restart(); err != nil {
			return 0, never{wrote(err)}
		}
		return 0, &status{code: http.StatusInternalServerError} // the next attempt asks for all of it
	}
	if err := p.restart(); err != nil {
		return 0, never{wrote(err)}
	}
	if tag := validator(response.Header); tag != "" {
		if err := os.WriteFile(p.path+".tag", []byte(tag), 0o644); err != nil {
			return 0, never{wrote(err)}
		}
	}
	return response.ContentLength, nil
}

// validator is what If-Range can be asked with.
func validator(h http.Header) string {
	if tag := h.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		return tag
	}
	return h.Get("Last-Modified")
}

// wrote is the error of a write.
func wrote(err error) error {
	if isFull(err) {
		return Full(err)
	}
	return err
}
