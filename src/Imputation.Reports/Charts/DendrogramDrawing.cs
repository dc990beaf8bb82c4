using Imputation.Diagnostics;
using Imputation.Reports.Html;
using Imputation.Text;

namespace Imputation.Reports.Charts;

/// <summary>A tree that lies on its side: leaves with their names at the left, joined the farther right the less they are alike.</summary>
internal sealed class DendrogramDrawing : Drawing
{
    private readonly Dendrogram _tree;
    private readonly int[] _order;                                // leaves from top to bottom
    private readonly List<(DendrogramMerge Merge, int Node)> _merges = [];
    private readonly double _row;
    private readonly double _size;
    private readonly string[] _names;
    private readonly double _left;
    private readonly Axis _axis;
    private readonly double _top;

    public DendrogramDrawing(Dendrogram tree)
    {
        _tree = tree;
        int leaves = tree.Leaves.Count;
        var joined = new HashSet<int>();
        for (int k = 0; k < tree.Merges.Count; k++)
        {
            // A merge of a cluster that does not exist yet, or that is merged already, is not part of a tree.
            DendrogramMerge merge = tree.Merges[k];
            bool Free(int node) => node >= 0 && node < leaves + k && !joined.Contains(node)
                && (node < leaves || _merges.Exists(m => m.Node == node));
            if (!Free(merge.Left) || !Free(merge.Right) || merge.Left == merge.Right || !Axis.IsDrawable(merge.Height)) continue;
            joined.Add(merge.Left);
            joined.Add(merge.Right);
            _merges.Add((merge, leaves + k));
        }
        _order = Order(leaves, joined);
        (_row, _size) = leaves switch { <= 40 => (19, FontSize), <= 100 => (16, 11.5), _ => (14, 11) };
        _names = [.. tree.Leaves.Select(l => TextSize.Fitted(l, _size, 130))];
        _left = 12 + (leaves == 0 ? 0 : _names.Max(n => TextSize.Width(n, _size)));
        _top = tree.HeightLabel.Length > 0 ? 44 : 24;
        _axis = Axis.Over(_merges.Select(m => m.Merge.Height), 4, fromZero: true).Drawn(_left, OrdinaryWidth - 16);
    }

    public override double Width => OrdinaryWidth;

    public override double Height => _top + Math.Max(1, _tree.Leaves.Count) * _row + 6;

    public override string Kind => "tree";

    public override bool Scrolls => _tree.Leaves.Count > 40;

    public override string Summary => _merges.Count == 0 ? $"{_tree.Leaves.Count} leaves, no merges."
        : $"{_tree.Leaves.Count} leaves. First merges: " + string.Join("; ", _merges.Where(m => m.Merge.Left < _tree.Leaves.Count
            && m.Merge.Right < _tree.Leaves.Count).Take(4)
            .Select(m => $"{TextFormat.Cut(_tree.Leaves[m.Merge.Left], 40)} and {TextFormat.Cut(_tree.Leaves[m.Merge.Right], 40)} at "
                + $"{NumberText.Significant(m.Merge.Height, 3)}")) + ".";

    public override void Draw(Svg svg)
    {
        if (_order.Length == 0)
        {
            svg.Text("nothing", Width / 2, 20, "no data", "middle");
            return;
        }
        double bottom = _top + _order.Length * _row;
        AxisAbove(svg, _axis, _axis.Labels(), _tree.HeightLabel, _left, _top, bottom);
        var places = new Dictionary<int, (double X, double Y)>();
        for (int k = 0; k < _order.Length; k++)
        {
            double y = _top + (k + 0.5) * _row;
            places[_order[k]] = (_axis[0], y);
            svg.Text("category", _left - 7, y + 0.36 * _size, _names[_order[k]], "end", _size, whole: _tree.Leaves[_order[k]]);
        }
        foreach ((DendrogramMerge merge, int node) in _merges)
        {
            (double lx, double ly) = places[merge.Left];
            (double rx, double ry) = places[merge.Right];
            double x = _axis[merge.Height];
            svg.Path("merge", $"M{Svg.N(lx)} {Svg.N(ly)}H{Svg.N(x)}V{Svg.N(ry)}H{Svg.N(rx)}",
                $"{_tree.HeightLabel} {NumberText.Significant(merge.Height, 3)}");
            places[node] = (x, (ly + ry) / 2);
        }
    }

    /// <summary>The leaves so that no two branches cross.</summary>
    private int[] Order(int leaves, HashSet<int> joined)
    {
        Dictionary<int, DendrogramMerge> inner = _merges.ToDictionary(m => m.Node, m => m.Merge);
        var order = new List<int>();
        var open = new Stack<int>(Enumerable.Range(0, leaves).Concat(inner.Keys.Order()).Where(n => !joined.Contains(n)).Reverse());
        while (open.TryPop(out int node))
        {
            if (!inner.TryGetValue(node, out DendrogramMerge? merge))
            {
                order.Add(node);
                continue;
            }
            open.Push(merge.Right);
            open.Push(merge.Left);
        }
        return [.. order];
    }
}
