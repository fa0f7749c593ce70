// Package domain describes where an equation holds, and draws points there.
//
// A Region is a set of points of space, or of space and time (Over), with a boundary made of pieces that know their outer normals:
// Box (in one dimension an interval), Ball (in the plane a disc), Polygon, and the Difference of two regions. A Sampling chooses points of the unit
// cube, evenly or at random; Interior and Boundary carry them into a region.
//
// A new region is one file with the three methods of Region.
package domain
