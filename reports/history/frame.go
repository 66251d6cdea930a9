package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/tidwall/gjson"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// frame is one message of a watch.
type frame struct {
	// version is set unless the frame is a bookmark.
	version Version
	// rv is how far the watch has come.
	rv uint64
	// bookmark says that nothing happened up to rv.
	bookmark bool
}

// parseFrame reads a frame, whose bytes the version keeps. An ERROR frame comes back as the API server's error, anything
// unreadable as an error too.
func parseFrame(kind Kind, text []byte, seen time.Time) (frame, error) {
	typ, object, err := open(text)
	if err != nil {
		return frame{}, err
	}
	switch typ {
	case Added, Modified, Deleted:
		version, err := parseObject(kind, typ, object, seen)
		return frame{version: version, rv: version.RV}, err
	case "BOOKMARK":
		rv, err := parseRV(gjson.GetBytes(object, "metadata.resourceVersion").Str)
		return frame{rv: rv, bookmark: true}, err
	case "ERROR":
		var status metav1.Status
		if err := json.Unmarshal(object, &status); err != nil {
			return frame{}, fmt.Errorf("an error that does not decode: %w", err)
		}
		return frame{}, &apierrors.StatusError{ErrStatus: status}
	default:
		return frame{}, fmt.Errorf("unknown type %q", typ)
	}
}

// open takes a frame apart. Kubernetes writes the two fields of a frame in this order and without spaces, so the object
// needs to be gone through only once, to see that it is JSON; any other way to write the same is read too.
func open(text []byte) (typ string, object []byte, err error) {
	inner, _ := bytes.CutPrefix(text, []byte(`{"type":"`))
	name, rest, _ := bytes.Cut(inner, []byte(`","object":`))
	object, found := bytes.CutSuffix(bytes.TrimSpace(rest), []byte("}"))
	if found && isObject(object) {
		return string(name), object, nil
	}
	if !isObject(text) {
		return "", nil, fmt.Errorf("no JSON object: %.80q", text)
	}
	return gjson.GetBytes(text, "type").Str, []byte(gjson.GetBytes(text, "object").Raw), nil
}

// list is the answer to a list request.
type list struct {
	rv       uint64
	versions []Version
	seen     time.Time
}

// parseList reads the answer to a list request; every item becomes a Listed version.
func parseList(kind Kind, text []byte, seen time.Time) (list, error) {
	if !isObject(text) {
		return list{}, fmt.Errorf("no JSON object: %.80q", text)
	}
	parsed := gjson.ParseBytes(text)
	rv, err := parseRV(parsed.Get("metadata.resourceVersion").Str)
	if err != nil {
		return list{}, err
	}
	l := list{rv: rv, seen: seen}
	parsed.Get("items").ForEach(func(_, item gjson.Result) bool {
		var version Version
		version, err = parseObject(kind, Listed, []byte(item.Raw), seen)
		l.versions = append(l.versions, version)
		return err == nil
	})
	return l, err
}

// parseObject takes an object's identity from its metadata and leaves the rest as it is.
func parseObject(kind Kind, typ string, object []byte, seen time.Time) (Version, error) {
	rv, err := parseRV(gjson.GetBytes(object, "metadata.resourceVersion").Str)
	if err != nil {
		return Version{}, err
	}
	v := Version{
		Seen: seen, Type: typ, Kind: kind.Name, RV: rv,
		Namespace: gjson.GetBytes(object, "metadata.namespace").Str,
		Name:      gjson.GetBytes(object, "metadata.name").Str,
		UID:       gjson.GetBytes(object, "metadata.uid").Str,
		Object:    object,
		typed:     &typed{},
	}
	if v.Name == "" || v.UID == "" {
		return Version{}, errors.New("an object without name or uid")
	}
	if bytes.IndexByte(object, '\n') >= 0 { // a history file has one version a line
		var compact bytes.Buffer
		if err := json.Compact(&compact, object); err != nil {
			return Version{}, err
		}
		v.Object = compact.Bytes()
	}
	return v, nil
}

func parseRV(text string) (uint64, error) {
	rv, err := strconv.ParseUint(text, 10, 64)
	if err != nil || rv == 0 {
		return 0, fmt.Errorf("resource version %q is not a positive number", text)
	}
	return rv, nil
}

// expired reports whether the API server no longer has what a watch needs to go on.
func expired(err error) bool {
	var status apierrors.APIStatus
	return errors.As(err, &status) &&
		(status.Status().Code == http.StatusGone || status.Status().Reason == metav1.StatusReasonExpired)
}
