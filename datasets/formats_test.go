package datasets_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

type expectation struct {
	File, Family, Layout, Status string
	RefusalAllowed               string `json:"refusal_allowed"`
	RecognisedAs                 string `json:"recognised_as"`
	ForbiddenFile                string `json:"forbidden_file"`
	Raw                          map[string]json.RawMessage
	Metadata                     map[string]string
	Canonical                    *canonical
}

type canonical struct {
	Fields, Inputs, Outputs     *arrayExpectation
	Constants, Scalars, Initial *arrayExpectation
	ConstantScalars             *arrayExpectation `json:"constant_scalars"`
	Grid                        map[string]arrayExpectation
	Time                        *arrayExpectation
	Boundary                    map[string]struct{ Low, High datasets.Boundary }
	Parameters                  map[string]float64
	TrajectoryNames             []string `json:"trajectory_names"`
	DatasetName                 string   `json:"dataset_name"`
	GridType                    string   `json:"grid_type"`
}

// steady says of a problem with a coefficient and one frame what a set holds of it: pairs.
func (c canonical) steady() canonical {
	if c.Fields == nil || c.Constants == nil || c.Time != nil {
		return c
	}
	c.Inputs, c.Outputs = c.Constants, c.Fields
	outputs := *c.Fields
	outputs.withoutTime()
	c.Outputs = &outputs
	c.Fields, c.Constants = nil, nil
	return c
}

// withoutTime drops the axis of one frame.
func (a *arrayExpectation) withoutTime() {
	a.Shape = slices.Delete(slices.Clone(a.Shape), 1, 2)
	a.Spots = slices.Clone(a.Spots)
	for i, s := range a.Spots {
		a.Spots[i].Index = slices.Delete(slices.Clone(s.Index), 1, 2)
	}
}

type arrayExpectation struct {
	Dtype     datasets.Dtype
	Shape     []int
	Sum       json.RawMessage
	Min, Max  json.RawMessage
	AbsMax    *float64 `json:"abs_max"`
	NaN       int      `json:"nan_count"`
	PosInf    int      `json:"posinf_count"`
	NegInf    int      `json:"neginf_count"`
	Spots     []spot
	SHA256    string
	Channels  []string
	AsFloat32 *arrayExpectation `json:"as_float32"`
	// Scalars of the file have these instead.
	Kind  string
	Value json.RawMessage
}

type spot struct {
	Index []int
	Value json.RawMessage
}

// TestFormats reads every sample file to what its neighbour .expect.json says, or sees it refused.
func TestFormats(t *testing.T) {
	root := os.Getenv("KOLMOGO_FORMATS")
	if root == "" {
		root = filepath.Join("..", "testdata", "formats")
	}
	cases := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".expect.json") {
			return err
		}
		cases++
		name, err := filepath.Rel(root, strings.TrimSuffix(path, ".expect.json"))
		if err != nil {
			return err
		}
		t.Run(filepath.ToSlash(name), func(t *testing.T) { testFormat(t, path) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if cases == 0 {
		t.Fatalf("no sample files under %s", root)
	}
}

func testFormat(t *testing.T, path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var e expectation
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatal(err)
	}
	if e.ForbiddenFile != "" {
		t.Cleanup(func() {
			if _, err := os.Stat(e.ForbiddenFile); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s exists: the file was executed", e.ForbiddenFile)
			}
		})
	}
	file := filepath.Join(filepath.Dir(path), e.File)
	stat, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	defer func() {
		runtime.ReadMemStats(&after)
		if got, limit := after.TotalAlloc-before.TotalAlloc, uint64(64<<20+64*stat.Size()); got > limit {
			t.Errorf("%d bytes were allocated for a file of %d", got, stat.Size())
		}
	}()
	switch e.Status {
	case "ok", "nonfinite":
		checkReadable(t, file, e)
	case "refuse":
		checkRefused(t, file, e)
	default:
		t.Fatalf("status %q is unknown", e.Status)
	}
}

// checkRefused asks for an error from opening the file, or from reading one of its arrays where others are sound.
func checkRefused(t *testing.T, file string, e expectation) {
	c, err := datasets.Open(file)
	if err == nil {
		defer c.Close()
		for _, name := range c.Names() {
			a, readErr := c.Array(name)
			raw, sound := e.Raw[name]
			switch {
			case readErr != nil && sound:
				t.Errorf("%q: %v", name, readErr)
			case readErr == nil && sound:
				checkArray(t, name, a, parse[arrayExpectation](t, raw))
			}
			err = errors.Join(err, readErr)
		}
	}
	if err == nil && e.Family != "broken" { // the arrays are sound, what they make together is not
		_, err = datasets.OpenSet(file, datasets.Keys{})
	}
	if err == nil {
		if e.RecognisedAs != "" {
			return
		}
		t.Fatal("the file was read without an error")
	}
	if !strings.HasPrefix(err.Error(), "datasets: ") || !strings.Contains(err.Error(), filepath.Base(file)) {
		t.Errorf("the error %q does not name the package and the file", err)
	}
	if strings.Contains(err.Error(), "\n") && e.Raw == nil {
		t.Errorf("the error has more than one line: %v", err)
	}
}

func checkReadable(t *testing.T, file string, e expectation) {
	c, err := datasets.Open(file)
	if err != nil {
		if e.RefusalAllowed != "" && strings.Contains(err.Error(), e.RefusalAllowed) {
			return
		}
		t.Fatal(err)
	}
	defer c.Close()
	if e.Metadata != nil && !maps.Equal(c.Metadata(), e.Metadata) {
		t.Errorf("metadata %q, want %q", c.Metadata(), e.Metadata)
	}
	if e.Family == "mat" {
		e.Raw = flattenMAT(t, e.Raw)
	}
	isHDF5 := e.Raw["datasets"] != nil
	if isHDF5 {
		checkHDF5(t, c, e)
	}
	for name, raw := range e.Raw {
		if isHDF5 {
			break
		}
		want := parse[arrayExpectation](t, raw)
		if want.Kind != "" {
			checkScalar(t, name, c.Metadata(), want)
			continue
		}
		if !slices.Contains(c.Names(), name) {
			t.Errorf("no array %q among %q", name, c.Names())
			continue
		}
		a, err := c.Array(name)
		if err != nil {
			if e.RefusalAllowed == "" || !strings.Contains(err.Error(), e.RefusalAllowed) {
				t.Errorf("%q: %v", name, err)
			}
			continue
		}
		info, err := c.Info(name)
		if err != nil || info.Dtype != a.Dtype || !slices.Equal(info.Shape, a.Shape) {
			t.Errorf("%q: Info says %v (error %v), Array %s %v", name, info, err, a.Dtype, a.Shape)
		}
		checkArray(t, name, a, want)
	}
	for _, name := range c.Names() {
		if !isHDF5 && e.Raw[name] == nil {
			t.Errorf("array %q should not be there", name)
		}
	}
	if e.Status == "nonfinite" {
		checkNonfinite(t, file, e)
	} else if e.Canonical != nil {
		checkCanonical(t, file, *e.Canonical)
	}
}

func checkScalar(t *testing.T, name string, metadata map[string]string, want arrayExpectation) {
	text := string(want.Value)
	if want.Kind == "str" {
		text = parse[string](t, want.Value)
	}
	got, ok := metadata[name]
	if want.Kind == "float" {
		g, err := strconv.ParseFloat(got, 64)
		if w := parse[float64](t, want.Value); err != nil || g != w {
			t.Errorf("%q is %q, want %v", name, got, w)
		}
		return
	}
	if !ok || got != text {
		t.Errorf("%q is %q, want %q", name, got, text)
	}
}

// checkNonfinite asks for the place of the first value that is not finite, and for the number of all.
func checkNonfinite(t *testing.T, file string, e expectation) {
	_, err := datasets.OpenSet(file, datasets.Keys{})
	var bad *datasets.NonfiniteError
	if !errors.As(err, &bad) {
		t.Fatalf("opening gave %v, not a NonfiniteError", err)
	}
	want := 0
	arrays := e.Raw
	if arrays["datasets"] != nil {
		arrays = parse[map[string]json.RawMessage](t, arrays["datasets"])
	}
	for _, raw := range arrays {
		a := parse[arrayExpectation](t, raw)
		want += a.NaN + a.PosInf + a.NegInf
	}
	if bad.Count != want || len(bad.Places) == 0 {
		t.Errorf("%d values that are not finite, want %d", bad.Count, want)
	}
	c, err := datasets.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	a, err := c.Array(bad.Key)
	if err != nil {
		t.Fatal(err)
	}
	values, err := a.Float64s()
	if err != nil {
		t.Fatal(err)
	}
	perTrajectory, perFrame := len(values)/a.Shape[0], len(values)/a.Shape[0]/a.Shape[1]
	for _, p := range bad.Places {
		if v := values[p.Trajectory*perTrajectory+p.Frame*perFrame+p.Index[0]]; v-v == 0 {
			t.Errorf("the value at %+v is %v", p, v)
		}
	}
}

func checkCanonical(t *testing.T, file string, want canonical) {
	set, err := datasets.OpenSet(file, datasets.Keys{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	want = want.steady()
	for _, f := range []struct {
		name     string
		got      datasets.Fields
		want     *arrayExpectation
		channels []string
		oneFrame bool // the expectation has no axis of time
	}{
		{"fields", set.Fields, want.Fields, set.Meta.Channels, false},
		{"inputs", set.Inputs, want.Inputs, set.Meta.InputChannels, true},
		{"outputs", set.Outputs, want.Outputs, set.Meta.Channels, true},
		{"constants", set.Constants, want.Constants, set.Meta.Constants, true},
		{"scalars", set.Scalars, want.Scalars, set.Meta.Scalars, false},
		{"constant scalars", set.ConstantScalars, want.ConstantScalars, set.Meta.ConstantScalars, true},
		{"initial", set.Initial, want.Initial, set.Meta.Channels, true},
	} {
		if (f.got != nil) != (f.want != nil) {
			t.Errorf("%s: present %v, want %v", f.name, f.got != nil, f.want != nil)
			continue
		}
		if f.got == nil {
			continue
		}
		shape := f.got.Shape()
		if f.oneFrame {
			shape = slices.Delete(shape, 1, 2)
		}
		if f.name != "initial" && !slices.Equal(f.channels, f.want.Channels) {
			t.Errorf("%s: channels %q, want %q", f.name, f.channels, f.want.Channels)
		}
		if f.got.Dtype() != f.want.Dtype || !slices.Equal(shape, f.want.Shape) {
			t.Errorf("%s: %s %v, want %s %v", f.name, f.got.Dtype(), shape, f.want.Dtype, f.want.Shape)
			continue
		}
		values := readAll(t, f.got)
		checkValues(t, f.name, values, shape, *f.want)
	}
	for i, axis := range set.Meta.Axes {
		if grid, ok := want.Grid[axis.Name]; ok {
			checkValues(t, axis.Name, axis.Coords, []int{len(axis.Coords)}, grid)
		} else if axis.Coords != nil {
			t.Errorf("axis %d %s is not in the grid", i, axis.Name)
		}
		if b, ok := want.Boundary[axis.Name]; ok && (b.Low != axis.Low || b.High != axis.High) {
			t.Errorf("axis %s ends with %q and %q, want %v", axis.Name, axis.Low, axis.High, b)
		}
	}
	if len(want.Boundary) > len(set.Meta.Axes) || len(want.Grid) > len(set.Meta.Axes) {
		t.Errorf("axes %v, want %v", set.Meta.Axes, want.Boundary)
	}
	if want.Time != nil {
		times, shape := set.Meta.Times, []int{len(set.Meta.Times)}
		if each := set.Meta.TrajectoryTimes; each != nil {
			times, shape = slices.Concat(each...), []int{len(each), len(each[0])}
		}
		checkValues(t, "time", times, shape, *want.Time)
	}
	if !slices.Equal(set.Meta.Trajectories, want.TrajectoryNames) {
		t.Errorf("trajectories %q, want %q", set.Meta.Trajectories, want.TrajectoryNames)
	}
	if set.Meta.Name != want.DatasetName || set.Meta.Geometry != want.GridType {
		t.Errorf("name %q, geometry %q, want %q, %q", set.Meta.Name, set.Meta.Geometry, want.DatasetName, want.GridType)
	}
	if !maps.Equal(set.Meta.Parameters, want.Parameters) {
		t.Errorf("parameters %v, want %v", set.Meta.Parameters, want.Parameters)
	}
}

// readAll reads all trajectories of fields.
func readAll(t *testing.T, f datasets.Fields) []float64 {
	t.Helper()
	shape := f.Shape()
	n := 1
	for _, d := range shape[1:] {
		n *= d
	}
	values := make([]float64, n*shape[0])
	for i := range shape[0] {
		if err := f.ReadFrames64(values[i*n:(i+1)*n], i, 0, shape[1]); err != nil {
			t.Fatal(err)
		}
	}
	return values
}

// checkArray compares dtype, shape, every byte (by SHA-256) and the statistics.
func checkArray(t *testing.T, name string, a datasets.Array, want arrayExpectation) {
	t.Helper()
	if want.AsFloat32 != nil {
		t.Errorf("%q: %s was read, the comparison is not written", name, want.Dtype)
		return
	}
	if a.Dtype != want.Dtype || !slices.Equal(a.Shape, want.Shape) {
		t.Errorf("%q: %s %v, want %s %v", name, a.Dtype, a.Shape, want.Dtype, want.Shape)
		return
	}
	if sum := sha256.Sum256(a.Raw); hex.EncodeToString(sum[:]) != want.SHA256 {
		t.Errorf("%q: the bytes differ", name)
	}
	if a.Dtype == datasets.Int64 || a.Dtype == datasets.Uint64 {
		checkIntegers(t, name, a, want)
		return
	}
	scalars, shape := a, want.Shape
	if a.Dtype == datasets.Complex64 || a.Dtype == datasets.Complex128 {
		scalars.Dtype = map[datasets.Dtype]datasets.Dtype{datasets.Complex64: datasets.Float32, datasets.Complex128: datasets.Float64}[a.Dtype]
		scalars.Shape = append(slices.Clone(a.Shape), 2)
		values, err := scalars.Float64s()
		if err != nil {
			t.Fatal(err)
		}
		checkComplex(t, name, values, shape, want)
		return
	}
	values, err := scalars.Float64s()
	if err != nil {
		t.Fatalf("%q: %v", name, err)
	}
	checkValues(t, name, values, shape, want)
}

// checkIntegers compares the statistics of 64-bit integers exactly.
func checkIntegers(t *testing.T, name string, a datasets.Array, want arrayExpectation) {
	t.Helper()
	var values []*big.Int
	for raw := range slices.Chunk(a.Raw, 8) {
		v := slices.Clone(raw)
		slices.Reverse(v)
		b := new(big.Int).SetBytes(v)
		if a.Dtype == datasets.Int64 && raw[7] >= 0x80 {
			b.Sub(b, new(big.Int).Lsh(big.NewInt(1), 64))
		}
		values = append(values, b)
	}
	sum := new(big.Int)
	for _, v := range values {
		sum.Add(sum, v)
	}
	if sum.String() != string(want.Sum) {
		t.Errorf("%q: sum %v, want %s", name, sum, want.Sum)
	}
	for _, s := range want.Spots {
		if got := values[flat(s.Index, want.Shape)].String(); got != string(s.Value) {
			t.Errorf("%q%v is %s, want %s", name, s.Index, got, s.Value)
		}
	}
}

func checkComplex(t *testing.T, name string, values []float64, shape []int, want arrayExpectation) {
	t.Helper()
	var re, im exactSum
	largest := 0.0
	for i := 0; i < len(values); i += 2 {
		re.add(values[i])
		im.add(values[i+1])
		largest = max(largest, math.Hypot(values[i], values[i+1]))
	}
	if sum := parse[[2]float64](t, want.Sum); re.value() != sum[0] || im.value() != sum[1] {
		t.Errorf("%q: sum (%v, %v), want %v", name, re.value(), im.value(), sum)
	}
	if want.AbsMax == nil || !(math.Abs(largest-*want.AbsMax) <= 1e-6*largest) {
		t.Errorf("%q: largest magnitude %v, want %v", name, largest, want.AbsMax)
	}
	for _, s := range want.Spots {
		i := 2 * flat(s.Index, shape)
		if v := parse[[2]float64](t, s.Value); values[i] != v[0] || values[i+1] != v[1] {
			t.Errorf("%q%v is (%v, %v), want %v", name, s.Index, values[i], values[i+1], v)
		}
	}
}

// checkValues compares sum (exactly rounded), smallest, largest and spots of real values; the sum, smallest and largest
// are over the finite ones.
func checkValues(t *testing.T, name string, values []float64, shape []int, want arrayExpectation) {
	t.Helper()
	if !slices.Equal(shape, want.Shape) {
		t.Errorf("%q: shape %v, want %v", name, shape, want.Shape)
		return
	}
	for _, s := range want.Spots {
		got := values[flat(s.Index, shape)]
		if v := number(t, s.Value); got != v && !(math.IsNaN(got) && math.IsNaN(v)) {
			t.Errorf("%q%v is %v, want %v", name, s.Index, got, v)
		}
	}
	var sum exactSum
	low, high := math.Inf(1), math.Inf(-1)
	nan, posInf, negInf := 0, 0, 0
	for _, v := range values {
		switch {
		case math.IsNaN(v):
			nan++
		case math.IsInf(v, 1):
			posInf++
		case math.IsInf(v, -1):
			negInf++
		default:
			sum.add(v)
			low, high = min(low, v), max(high, v)
		}
	}
	if nan != want.NaN || posInf != want.PosInf || negInf != want.NegInf {
		t.Errorf("%q: %d NaN, %d +Inf, %d -Inf, want %d, %d, %d", name, nan, posInf, negInf, want.NaN, want.PosInf, want.NegInf)
	}
	if len(values) == 0 {
		return
	}
	if w := number(t, want.Sum); sum.value() != w {
		t.Errorf("%q: sum %v, want %v", name, sum.value(), w)
	}
	if l, h := number(t, want.Min), number(t, want.Max); low != l || high != h {
		t.Errorf("%q: in [%v, %v], want [%v, %v]", name, low, high, l, h)
	}
}

// exactSum adds without rounding.
type exactSum struct{ big.Float }

func (s *exactSum) add(v float64) {
	if s.Prec() == 0 {
		s.SetPrec(2200)
	}
	s.Add(&s.Float, big.NewFloat(v))
}

func (s *exactSum) value() float64 {
	v, _ := s.Float64()
	return v
}

// number reads a JSON number, a boolean as 0 or 1, or the strings NaN, +Inf, -Inf.
func number(t *testing.T, raw json.RawMessage) float64 {
	t.Helper()
	switch text := strings.Trim(string(raw), `"`); text {
	case "true":
		return 1
	case "false":
		return 0
	default:
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func flat(index, shape []int) int {
	if len(index) != len(shape) {
		panic(fmt.Sprintf("index %v in shape %v", index, shape))
	}
	i := 0
	for axis, n := range shape {
		i = i*n + index[axis]
	}
	return i
}

func parse[T any](t *testing.T, raw json.RawMessage) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return v
}
