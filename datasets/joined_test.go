package datasets_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kolmogo/kolmogo/datasets"
)

// sampleFolder copies sample files to a folder.
func sampleFolder(t *testing.T, names ...string) string {
	t.Helper()
	root := os.Getenv("KOLMOGO_FORMATS")
	if root == "" {
		root = filepath.Join("..", "testdata", "formats")
	}
	folder := t.TempDir()
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, filepath.Base(name)), content, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

const shear = "well/shear_waves_2D/data/train/shear_waves_2D_Re_"

// TestJoined: a folder and a pattern are one set of the trajectories of all files, whose parameters are told apart; what is no data file
// is left out of a folder.
func TestJoined(t *testing.T) {
	folder := sampleFolder(t, shear+"100.hdf5", shear+"250.hdf5", "well/shear_waves_2D/stats.yaml")
	var want []float64
	for _, name := range []string{"shear_waves_2D_Re_100.hdf5", "shear_waves_2D_Re_250.hdf5"} {
		s, err := datasets.OpenSet(filepath.Join(folder, name), datasets.Keys{})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, readAll(t, s.Fields)...)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{folder, filepath.Join(folder, "*_Re_*.hdf5")} {
		s, err := datasets.OpenSet(path, datasets.Keys{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if shape := s.Fields.Shape(); shape[0] != 5 || s.Constants.Shape()[0] != 5 || !slices.Equal(readAll(t, s.Fields), want) {
			t.Errorf("%s: shape %v, or other values", path, shape)
		}
		reynolds := s.Meta.TrajectoryParameters["Reynolds"]
		if !slices.Equal(reynolds, []float64{100, 100, 250, 250, 250}) || !maps.Equal(s.Meta.Parameters, map[string]float64{"Schmidt": 0.5}) {
			t.Errorf("%s: parameters %v and %v", path, s.Meta.Parameters, s.Meta.TrajectoryParameters)
		}
		if f, err := datasets.FingerprintFile(path); err != nil || f.Size == 0 {
			t.Errorf("%+v, %v", f, err)
		}
	}
}

// TestJoinedErrors: files that do not fit are named, and so is a folder without data.
func TestJoinedErrors(t *testing.T) {
	folder := sampleFolder(t, shear+"100.hdf5", "well/sphere_2D.hdf5")
	for _, path := range []string{folder, filepath.Join(folder, "*.none"), t.TempDir(), filepath.Join(folder, "none.hdf5")} {
		if s, err := datasets.OpenSet(path, datasets.Keys{}); err == nil {
			t.Errorf("%s was opened: %v", path, s.Meta)
		}
	}
}

// TestSplitFolders: a data set that its authors divided is divided so.
func TestSplitFolders(t *testing.T) {
	root := os.Getenv("KOLMOGO_FORMATS")
	if root == "" {
		root = filepath.Join("..", "testdata", "formats")
	}
	s, err := datasets.OpenSplit(filepath.Join(root, "well", "shear_waves_2D", "data"), datasets.Keys{}, datasets.Split{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := datasets.Inspect(t.Context(), filepath.Join(root, "well", "shear_waves_2D", "data"), datasets.Keys{})
	if err != nil || len(r.Files) != 3 || r.Problem != "" || !strings.Contains(r.Config, "data\"\n") {
		t.Errorf("%+v, %v", r, err)
	}
	if s.Train.Trajectories() != 5 || s.Valid.Trajectories() != 1 || s.Test != nil {
		t.Errorf("%d to train, %v to validate, %v to test", s.Train.Trajectories(), s.Valid, s.Test)
	}
}

// TestLoadChunked: the batches of a file in compressed chunks hold every sample once, with the frames of the file.
func TestLoadChunked(t *testing.T) {
	folder := sampleFolder(t, "pdebench/ns_incom_inhom_2d_16-0.h5", "pdebench/1D_diff-sorp_NA_NA.h5")
	for _, name := range []string{"ns_incom_inhom_2d_16-0.h5", "1D_diff-sorp_NA_NA.h5"} {
		s, err := datasets.OpenSet(filepath.Join(folder, name), datasets.Keys{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		shape := s.Fields.Shape()
		starts := shape[1] - 1
		all := readAll(t, s.Fields)
		frame := len(all) / shape[0] / shape[1]
		var seen []int
		loader := &datasets.Loader{Set: s, Batch: 3, Seed: 5}
		for b, err := range loader.Batches(t.Context(), 1, 0) {
			if err != nil {
				t.Fatal(err)
			}
			for row, sample := range b.Indices {
				seen = append(seen, sample)
				at := (sample/starts*shape[1] + sample%starts) * frame
				for i, v := range b.Input[row*frame : (row+1)*frame] {
					if float64(v) != all[at+i] {
						t.Fatalf("%s: sample %d differs at %d", name, sample, i)
					}
				}
			}
		}
		slices.Sort(seen)
		if len(seen) != shape[0]*starts || len(slices.Compact(seen)) != len(seen) {
			t.Errorf("%s: samples %v", name, seen)
		}
	}
}
