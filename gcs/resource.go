package gcs

import (
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/lectern/lectern/bucket"
)

// objectResource is an object as the API tells of it.
type objectResource struct {
	Kind           string `json:"kind"`
	ID             string `json:"id"`
	SelfLink       string `json:"selfLink"`
	MediaLink      string `json:"mediaLink"`
	Name           string `json:"name"`
	Bucket         string `json:"bucket"`
	Generation     string `json:"generation"`
	Metageneration string `json:"metageneration"`
	ContentType    string `json:"contentType"`
	StorageClass   string `json:"storageClass"`
	Size           string `json:"size"`
	MD5            string `json:"md5Hash,omitempty"`
	CRC32C         string `json:"crc32c,omitempty"`
	ETag           string `json:"etag"`
	Created        string `json:"timeCreated"`
	Updated        string `json:"updated"`
}

// storageClass is that of everything.
const storageClass = "STANDARD"

func (a *API) objectResource(c *call, o bucket.Object, at bucket.Attributes) objectResource {
	self := c.base() + jsonPath + "b/" + o.Bucket + "/o/" + url.PathEscape(o.Name)
	when := at.Changed.UTC().Format("2006-01-02T15:04:05.000Z")
	r := objectResource{
		Kind: "storage#object", ID: fmt.Sprintf("%s/%s/%d", o.Bucket, o.Name, at.Generation),
		SelfLink:  self,
		MediaLink: fmt.Sprintf("%s%sb/%s/o/%s?generation=%d&alt=media", c.base(), downloadPath, o.Bucket, url.PathEscape(o.Name), at.Generation),
		Name:      o.Name, Bucket: o.Bucket, Generation: fmt.Sprint(at.Generation), Metageneration: fmt.Sprint(metageneration),
		ContentType: contentType(o.Name), StorageClass: storageClass, Size: fmt.Sprint(at.Size),
		ETag: etag(at), Created: when, Updated: when,
	}
	if s, ok := a.sums.of(o, at); ok {
		r.MD5, r.CRC32C = s.md5(), s.crc32c()
	}
	return r
}

// etag tells the object from others of its name, without the quotes of HTTP.
func etag(at bucket.Attributes) string { return fmt.Sprintf("%x-%x", at.Generation, at.Size) }

// bucketResource is a bucket as the API tells of it.
type bucketResource struct {
	Kind           string `json:"kind"`
	ID             string `json:"id"`
	SelfLink       string `json:"selfLink"`
	Name           string `json:"name"`
	Metageneration string `json:"metageneration"`
	Location       string `json:"location"`
	LocationType   string `json:"locationType"`
	StorageClass   string `json:"storageClass"`
	ETag           string `json:"etag"`
}

func (c *call) bucketResource(name string) bucketResource {
	return bucketResource{
		Kind: "storage#bucket", ID: name, SelfLink: c.base() + jsonPath + "b/" + name, Name: name, Metageneration: fmt.Sprint(metageneration),
		Location: "LOCAL", LocationType: "region", StorageClass: storageClass, ETag: "1",
	}
}

// contentTypes are those of objects, by their names. None is of what a browser would
// run: objects come from the server's own origin.
var contentTypes = map[string]string{
	".wav": "audio/wav", ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".opus": "audio/ogg", ".m4a": "audio/mp4", ".flac": "audio/flac",
	".json": "application/json", ".srt": "application/x-subrip", ".vtt": "text/vtt; charset=utf-8", ".txt": "text/plain; charset=utf-8",
}

func contentType(name string) string {
	if known := contentTypes[strings.ToLower(path.Ext(name))]; known != "" {
		return known
	}
	return "application/octet-stream"
}
