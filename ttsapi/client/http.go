package client

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/lectern/lectern/fault"
)

// What Google's speech API has no message for is asked for over HTTP at the same
// address.

// call sends a request and returns an answer of the 200s, whose body the caller
// closes. path is escaped; size is that of the body, -1 if it is not known.
func (c *Client) call(ctx context.Context, method, path string, body io.Reader, size int64) (*http.Response, error) {
	scheme := "http://"
	if c.secure {
		scheme = "https://"
	}
	r, err := http.NewRequestWithContext(ctx, method, scheme+c.address+path, body)
	if err != nil {
		return nil, fault.From(err)
	}
	if c.key != "" {
		r.Header.Set(keyHeader, string(c.key))
	}
	if body != nil {
		r.ContentLength = size
		r.Header.Set("Content-Type", "application/octet-stream")
	}
	answer, err := c.http.Do(r)
	if err != nil {
		if ctx.Err() != nil {
			return nil, fault.From(ctx.Err())
		}
		return nil, c.noServer().Because(err)
	}
	if answer.StatusCode/100 == 2 {
		return answer, nil
	}
	defer answer.Body.Close()
	return nil, refusalOf(answer)
}

// codeOf are the codes of the statuses in which errors come.
var codeOf = map[int]fault.Code{
	http.StatusBadRequest: fault.InvalidArgument, http.StatusUnauthorized: fault.Unauthenticated, http.StatusForbidden: fault.PermissionDenied,
	http.StatusNotFound: fault.NotFound, http.StatusNotImplemented: fault.NotFound, http.StatusConflict: fault.FailedPrecondition,
	http.StatusPreconditionFailed: fault.FailedPrecondition, http.StatusTooManyRequests: fault.ResourceExhausted,
	http.StatusServiceUnavailable: fault.Unavailable, http.StatusRequestTimeout: fault.DeadlineExceeded, http.StatusGatewayTimeout: fault.DeadlineExceeded,
}

// mostRefusal is how much of an error is read, in bytes.
const mostRefusal = 64 << 10

// refusalOf is the error that an answer tells.
func refusalOf(answer *http.Response) error {
	var told struct {
		Error struct{ Message string }
	}
	body, _ := io.ReadAll(io.LimitReader(answer.Body, mostRefusal)) // what there is
	code, known := codeOf[answer.StatusCode]
	if !known {
		code = fault.Internal
	}
	if json.Unmarshal(body, &told) != nil || told.Error.Message == "" {
		return fault.New(code, "The server answers with the status %s.", answer.Status)
	}
	return fault.New(code, "%s", told.Error.Message)
}

// Download is an object that is being fetched. Its Read fails where it ends if what
// came is not what the server has.
type Download struct {
	body io.ReadCloser
	sum  hash.Hash32
	want string // of the sum, empty if the server does not know it
	// Size is the object's, in bytes.
	Size int64
	got  int64
}

// Download fetches the object gs://BUCKET/OBJECT. The caller closes it.
func (c *Client) Download(ctx context.Context, uri string) (*Download, error) {
	bucket, name, err := splitURI(uri)
	if err != nil {
		return nil, err
	}
	answer, err := c.call(ctx, http.MethodGet, "/storage/v1/b/"+bucket+"/o/"+name+"?alt=media", nil, 0) //nolint:bodyclose // Download.Close does
	if err != nil {
		return nil, err
	}
	d := &Download{body: answer.Body, sum: crc32.New(castagnoli), Size: answer.ContentLength}
	for one := range strings.SplitSeq(answer.Header.Get("X-Goog-Hash"), ",") {
		if sum, ok := strings.CutPrefix(one, "crc32c="); ok {
			d.want = sum
		}
	}
	return d, nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Read implements io.Reader.
func (d *Download) Read(p []byte) (int, error) {
	n, err := d.body.Read(p)
	_, _ = d.sum.Write(p[:n]) // it does not fail
	d.got += int64(n)
	switch {
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF), d.Size >= 0 && d.got != d.Size:
		return n, fault.New(fault.Unavailable, "The connection broke after %d bytes of %d.", d.got, d.Size).Because(err)
	case d.want != "" && d.want != encoded(d.sum):
		return n, fault.New(fault.DataLoss, "What came is not what the server has: its checksum is %s, not %s. Fetch it again.", encoded(d.sum), d.want)
	}
	return n, io.EOF
}

// Close implements io.Closer.
func (d *Download) Close() error { return d.body.Close() }

// encoded is a sum as Cloud Storage writes it.
func encoded(sum hash.Hash32) string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, sum.Sum32()))
}

// Upload makes the object gs://BUCKET/OBJECT of what from holds, in place of another if
// there is one. size is how much that is, -1 if it is not known. The object shows whole
// or not at all.
func (c *Client) Upload(ctx context.Context, uri string, from io.Reader, size int64) error {
	bucket, name, err := splitURI(uri)
	if err != nil {
		return err
	}
	sum := crc32.New(castagnoli)
	answer, err := c.call(ctx, http.MethodPost, "/upload/storage/v1/b/"+bucket+"/o?uploadType=media&name="+url.QueryEscape(unescaped(name)), io.NopCloser(io.TeeReader(from, sum)), size)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var made struct {
		CRC32C string `json:"crc32c"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&made); err != nil {
		return fault.New(fault.Unavailable, "The server's answer cannot be read.").Because(err)
	}
	if made.CRC32C != encoded(sum) {
		return fault.New(fault.DataLoss, "What the server has is not what was sent: its checksum is %s, not %s. Send it again.", made.CRC32C, encoded(sum))
	}
	return nil
}

// splitURI is the bucket and the escaped name of an object.
func splitURI(uri string) (bucket, name string, err error) {
	rest, ok := strings.CutPrefix(uri, "gs://")
	bucket, name, found := strings.Cut(rest, "/")
	if !ok || !found || bucket == "" || name == "" {
		return "", "", fault.New(fault.InvalidArgument, "%q is not of the form gs://BUCKET/OBJECT.", uri)
	}
	return url.PathEscape(bucket), url.PathEscape(name), nil
}

func unescaped(name string) string {
	plain, _ := url.PathUnescape(name) // what splitURI has escaped
	return plain
}

// Output is what an operation writes.
type Output struct {
	// URI is the object's; empty if the server does not know it.
	URI string
	// Path is the object's file on the server's machine, if that is where the caller
	// seems to be; else empty.
	Path string
}

// outputsPath is outputs.Pattern; a test holds them equal.
const outputsPath = "/lectern/v1/"

type outputJSON struct{ Name, Output, Path string }

// Output tells what an operation writes. Another server than Lectern knows nothing of
// it, which is no error.
func (c *Client) Output(ctx context.Context, name string) (Output, error) {
	var told outputJSON
	err := c.getJSON(ctx, outputsPath+name, &told)
	return Output{told.Output, told.Path}, err
}

// Outputs are those of a page of operations, by their names: what [Client.Operations]
// lists.
func (c *Client) Outputs(ctx context.Context, q Query) (map[string]Output, error) {
	r := q.request()
	values := url.Values{"filter": {r.Filter}, "pageSize": {strconv.Itoa(int(r.PageSize))}, "pageToken": {r.PageToken}}
	collection := r.Name
	if !strings.HasSuffix(collection, "operations") {
		collection += "/operations"
	}
	var told struct{ Operations []outputJSON }
	err := c.getJSON(ctx, outputsPath+collection+"?"+values.Encode(), &told)
	outputs := make(map[string]Output, len(told.Operations))
	for _, o := range told.Operations {
		outputs[o.Name] = Output{o.Output, o.Path}
	}
	return outputs, err
}

// getJSON reads an answer, and nothing if the server has no such page.
func (c *Client) getJSON(ctx context.Context, path string, to any) error {
	answer, err := c.call(ctx, http.MethodGet, path, nil, 0)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(to); err != nil {
		return fault.New(fault.Unavailable, "The server's answer cannot be read.").Because(err)
	}
	return nil
}
