package longaudio

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
)

// audit compares what is visible, and what ever was, with how the operations
// ended.
func (l *faultLab) audit(dir string, h history, ends []*longrunningpb.Operation, shown, put map[string]bool) error {
	ofName := map[string]int{}
	for _, d := range h.Operations {
		ofName[d.Name]++
	}
	may := map[string][]string{} // what each object may be
	must := map[string]bool{}
	captions := map[string]bool{}
	for i, d := range h.Operations {
		if ends[i] == nil {
			continue
		}
		code := fault.Code(ends[i].GetError().GetCode())
		l.mu.Lock()
		l.ended[code]++
		l.mu.Unlock()
		was := shown[ends[i].Name[strings.LastIndex(ends[i].Name, "/")+1:]]
		switch {
		case code == 0 && !was:
			return fmt.Errorf("operation %d has succeeded and its outcome was never shown", i)
		case code != 0 && code != fault.Unknown && was && ofName[d.Name] == 1:
			return fmt.Errorf("operation %d ended as %v and its outcome was shown", i, ends[i])
		}
		switch code {
		case 0:
			must[d.Name] = true
			fallthrough
		case fault.Unknown:
			may[d.Name] = append(may[d.Name], l.whole[faultTexts[d.Text]])
			o := bucket.Object{Bucket: "books", Name: d.Name}
			for _, extension := range []string{".srt", ".json"} {
				captions[o.Beside(extension).Name] = true
			}
		case fault.Canceled, fault.Internal, fault.ResourceExhausted, fault.FailedPrecondition:
		default:
			return fmt.Errorf("%s ended as %v", d.Name, ends[i])
		}
	}
	root := filepath.Join(dir, "buckets", "books")
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			if path == root && len(must) == 0 {
				return nil
			}
			return err
		}
		name := strings.TrimPrefix(path, root+"/")
		content, err := os.ReadFile(path)
		succeeded := must[name]
		delete(must, name)
		switch {
		case err != nil:
			return err
		case slices.Contains(may[name], string(content)):
		case put[name] && string(content) == "a stranger's":
			if succeeded {
				return fmt.Errorf("%s has succeeded and a stranger's file stands there", name)
			}
		case captions[name] && (strings.HasPrefix(string(content), "1\n") || strings.HasPrefix(string(content), "{")):
		default:
			return fmt.Errorf("%s has %d bytes that nobody can have shown: %.40q", name, len(content), content)
		}
		return nil
	})
	if err == nil && len(must) > 0 {
		err = fmt.Errorf("nothing stands at %v, though that has succeeded", must)
	}
	return err
}
