package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/ttsapi/client"
)

func newCopyCommand(env *environment) *cobra.Command {
	var server serverFlag
	cmd := &cobra.Command{
		Use:   "cp FROM TO",
		Short: "Copy an object of a bucket to a file, or a file to an object",
		Long: `Copy an object of a server's bucket to a file, or a file to an object. One of FROM
and TO is gs://BUCKET/OBJECT, the other a file, a directory, or - for the
standard input or output.

What is written shows when it is whole, and was compared by its checksum. An
interrupted copy leaves nothing and is not gone on with.`,
		Example: `  lectern cp gs://books/book.wav .
  lectern cp gs://books/book.mp3 - | mpg123 -
  lectern cp book.txt gs://texts/book.txt`,
		Args: takes("FROM", "TO"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := untilSignal(cmd.Context())
			defer stop()
			err := copyObject(ctx, env, &server, args[0], args[1])
			if err != nil && errors.Is(ctx.Err(), context.Canceled) {
				return outcome{exitInterrupted, "interrupted; nothing whole was written"}
			}
			return err
		},
	}
	server.register(cmd, "127.0.0.1:8085")
	return cmd
}

func isURI(arg string) bool { return strings.HasPrefix(arg, "gs://") }

// checkURI says what is wrong with the name of an object.
func checkURI(uri string) error {
	if _, err := bucket.ParseURI(uri); err != nil {
		return usagef("%s", strings.TrimSuffix(fault.From(err).Message, "."))
	}
	return nil
}

func copyObject(ctx context.Context, env *environment, server *serverFlag, from, to string) error {
	if isURI(from) == isURI(to) {
		return usagef("one of FROM and TO must be gs://BUCKET/OBJECT, and the other a file or -")
	}
	if isURI(to) && strings.HasSuffix(to, "/") && from != "-" {
		to += filepath.Base(from)
	}
	for _, uri := range []string{from, to} {
		if err := checkURI(uri); isURI(uri) && err != nil {
			return err
		}
	}
	c, err := server.dial(ctx, env)
	if err != nil {
		return err
	}
	defer c.Close()
	if isURI(from) {
		return fetch(ctx, env, c, from, to)
	}
	return bring(ctx, env, c, from, to)
}

// fetch copies an object to a file, or into a directory.
func fetch(ctx context.Context, env *environment, c *client.Client, uri, name string) error {
	if st, err := os.Stat(name); err == nil && st.IsDir() {
		name = filepath.Join(name, path.Base(uri))
	}
	object, err := c.Download(ctx, uri)
	if err != nil {
		return err
	}
	defer object.Close()
	out, err := copyOutput(env, name)
	if err != nil {
		return err
	}
	defer out.Discard()
	shown := newCopyProgress(env, path.Base(uri), object.Size)
	defer shown.clear()
	if _, err := io.Copy(io.MultiWriter(out, shown), object); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	if name != "-" {
		shown.done(name)
	}
	return nil
}

// copyOutput is a file that shows when it is whole, or the standard output, where an
// error comes after what was written.
func copyOutput(env *environment, name string) (output, error) {
	if name == "-" {
		return &stream{to: env.stdout, live: true}, nil
	}
	return newFile(name)
}

// bring copies a file to an object.
func bring(ctx context.Context, env *environment, c *client.Client, name, uri string) error {
	from, size, shownAs := env.stdin, int64(-1), "standard input"
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("%s cannot be read: %w", name, reason(err))
		}
		defer file.Close()
		st, err := file.Stat()
		if err != nil {
			return err
		}
		if st.IsDir() {
			return usagef("%s is a directory; name a file in it", name)
		}
		from, shownAs = file, name
		if st.Mode().IsRegular() {
			size = st.Size()
		}
	}
	shown := newCopyProgress(env, filepath.Base(shownAs), size)
	defer shown.clear()
	if err := c.Upload(ctx, uri, io.TeeReader(from, shown), size); err != nil {
		return err
	}
	shown.done(uri)
	return nil
}
