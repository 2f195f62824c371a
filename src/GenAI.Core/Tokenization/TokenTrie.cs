using System.Numerics;

namespace GenAI.Core.Tokenization;

/// <summary>A trie of tokens over UTF-16 units: every step is one look-up of node and unit in a hash table.</summary>
internal sealed class TokenTrie
{
    public const int Root = 0;

    private readonly int[] _rootNodes = new int[0x10000]; // the first step, straight: it is taken at every position
    private ulong[] _keys;
    private int[] _nodes;
    private int[] _ids; // by node: the id of the token that ends there, or -1
    private int _count = 1, _edges, _mask;

    public TokenTrie(IEnumerable<string> tokens, TokenTable table)
    {
        (_keys, _nodes, _ids, _mask) = (new ulong[1 << 16], new int[1 << 16], new int[1 << 16], (1 << 16) - 1);
        Array.Fill(_ids, -1);
        foreach (var token in tokens)
        {
            var node = Root;
            foreach (var unit in token)
                node = Child(node, unit);
            if (token.Length > 0)
                _ids[node] = table.Find(token);
        }
    }

    /// <summary>Goes from a node along a unit, if some token does; <paramref name="id"/> is that of the token that ends there, or -1.</summary>
    public bool TryStep(ref int node, char unit, out int id)
    {
        id = -1;
        if (node == Root)
            node = _rootNodes[unit];
        else
        {
            var at = Place(Key(node, unit));
            node = _keys[at] == 0 ? 0 : _nodes[at];
        }

        if (node == 0)
            return false;
        id = _ids[node];
        return true;
    }

    private int Child(int node, char unit)
    {
        if (node == Root)
            return _rootNodes[unit] != 0 ? _rootNodes[unit] : _rootNodes[unit] = NewNode();
        var key = Key(node, unit);
        var at = Place(key);
        if (_keys[at] != 0)
            return _nodes[at];
        if (++_edges * 2 > _keys.Length)
        {
            Grow();
            at = Place(key);
        }

        _keys[at] = key;
        return _nodes[at] = NewNode();
    }

    private int NewNode()
    {
        if (_count == _ids.Length)
        {
            Array.Resize(ref _ids, _count * 2);
            Array.Fill(_ids, -1, _count, _count);
        }

        return _count++;
    }

    private void Grow()
    {
        var (keys, nodes) = (_keys, _nodes);
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)keys.Length * 2);
        (_keys, _nodes, _mask) = (new ulong[size], new int[size], size - 1);
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] == 0)
                continue;
            var at = Place(keys[i]);
            (_keys[at], _nodes[at]) = (keys[i], nodes[i]);
        }
    }

    private static ulong Key(int node, char unit) => ((ulong)(uint)node << 16) | unit;

    private int Place(ulong key)
    {
        var at = (int)(key * 0x9E3779B97F4A7C15UL >> 36) & _mask;
        while (_keys[at] != 0 && _keys[at] != key)
            at = (at + 1) & _mask;
        return at;
    }
}
