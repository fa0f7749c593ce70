package datasets

import (
	"errors"
	"fmt"
)

// torchCall is the whole list of functions that a pickle may call. Each makes a value from values.
func torchCall(function pyGlobal, args pyTuple) (any, error) {
	switch function.String() {
	case "collections.OrderedDict":
		return orderedDict(args)
	case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3":
		return rebuildTensor(args)
	case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
		if len(args) > 0 {
			if t, ok := args[0].(*torchTensor); ok {
				return t, nil
			}
		}
		return nil, errors.New("a parameter without a tensor")
	case "torch._tensor._rebuild_from_type_v2":
		if len(args) == 4 {
			inner, ok1 := args[0].(pyGlobal)
			innerArgs, ok2 := args[2].(pyTuple)
			if ok1 && ok2 && inner != function {
				return torchCall(inner, innerArgs)
			}
		}
		return nil, errors.New("a tensor subclass is described in an unknown way")
	case "torch.Size":
		if len(args) == 1 {
			return args[0], nil
		}
	case "torch.device":
		if len(args) > 0 {
			return args[0], nil
		}
	case "builtins.set", "__builtin__.set":
		if len(args) == 1 {
			return args[0], nil
		}
	}
	return nil, fmt.Errorf("the pickle calls %s, which is not allowed; save only tensors, numbers and strings", function)
}

// orderedDict makes a dict from nothing or from a list of pairs.
func orderedDict(args pyTuple) (any, error) {
	d := &pyDict{}
	if len(args) == 0 {
		return d, nil
	}
	list, _ := args[0].(*pyList)
	if list == nil {
		return nil, errors.New("an OrderedDict of something that is not a list")
	}
	for _, item := range list.items {
		var pair []any
		switch item := item.(type) {
		case pyTuple:
			pair = item
		case *pyList:
			pair = item.items
		}
		if len(pair) != 2 {
			return nil, errors.New("an OrderedDict of something that is not pairs")
		}
		d.keys, d.values = append(d.keys, pair[0]), append(d.values, pair[1])
	}
	return d, nil
}
