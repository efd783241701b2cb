package gcs

import "net/http"

// Named is what a request asks for, in the names of Google's audit logs, and of which
// bucket; never of which object, whose name may tell what is said in it. It is known
// from the path alone, so also of who is refused. The bucket that is to be made stands
// in the body: Config.About tells it.
func Named(r *http.Request) (method, resource string) {
	c := &call{Request: r}
	prefix, rest := routed(r.URL.EscapedPath())
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	parts, media := 0, false
	switch prefix {
	case "":
		if o, err := pathObject(r); err == nil && Takes(r) {
			parts, media, c.bucket = 4, true, o.Bucket
		}
	case uploadPath:
		if parts = c.names(rest); parts == 3 {
			return "storage.objects.create", bucketResourceName(c.bucket)
		}
	default:
		parts, media = c.names(rest), prefix == downloadPath
	}
	switch {
	case parts == 4 && reads:
		method = "storage.objects.get"
	case parts == 4 && r.Method == http.MethodDelete && !media:
		method = "storage.objects.delete"
	case parts == 3 && reads && !media:
		method = "storage.objects.list"
	case parts == 2 && reads && !media:
		method = "storage.buckets.get"
	case parts == 2 && r.Method == http.MethodDelete && !media:
		method = "storage.buckets.delete"
	case parts == 1 && reads && !media:
		method = "storage.buckets.list"
	case parts == 1 && r.Method == http.MethodPost && !media:
		method = "storage.buckets.create"
	default:
		method = r.Method + " storage"
	}
	return method, bucketResourceName(c.bucket)
}

// bucketResourceName is a bucket's name as a resource of Google's; empty for none.
func bucketResourceName(bucket string) string {
	if bucket == "" {
		return ""
	}
	return "projects/_/buckets/" + bucket
}
