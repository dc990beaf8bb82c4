using System.Numerics;

namespace Imputation.Data;

/// <summary>Numbers the distinct keys of a sequence in order of first appearance: open addressing over keys of some words each.</summary>
internal sealed class KeyTable(int words)
{
    private ulong[] _keys = new ulong[64 * words];
    private int[] _slots = new int[128]; // number + 1, or 0 where free; a power of two, at most half full
    private int _count;

    /// <summary>The number of a key, a new one if it has none.</summary>
    public int NumberOf(ReadOnlySpan<ulong> key)
    {
        int slot = Find(key);
        if (_slots[slot] != 0) return _slots[slot] - 1;
        if (_count * words == _keys.Length) Array.Resize(ref _keys, 2 * _keys.Length);
        key.CopyTo(_keys.AsSpan(_count * words));
        _slots[slot] = ++_count;
        if (2 * _count >= _slots.Length) Grow();
        return _count - 1;
    }

    /// <summary>The numbers, ordered by the bits set in their keys, then by the keys themselves.</summary>
    public int[] Ordered()
    {
        int[] order = [.. Enumerable.Range(0, _count)], bits = new int[_count];
        if (words == 1) Array.Sort(_keys.AsSpan(0, _count).ToArray(), order);
        else Array.Sort(order, (a, b) => Key(a).SequenceCompareTo(Key(b)));

        // Then by counting, which keeps the order among those with as many.
        var starts = new int[64 * words + 2];
        for (int k = 0; k < _count; k++)
        {
            foreach (ulong word in Key(k)) bits[k] += BitOperations.PopCount(word);
            starts[bits[k] + 1]++;
        }
        for (int b = 1; b < starts.Length; b++) starts[b] += starts[b - 1];
        var sorted = new int[_count];
        foreach (int k in order) sorted[starts[bits[k]]++] = k;
        return sorted;
    }

    /// <summary>The keys in a given order.</summary>
    public ulong[] Keys(int[] order)
    {
        var keys = new ulong[order.Length * words];
        for (int k = 0; k < order.Length; k++) Key(order[k]).CopyTo(keys.AsSpan(k * words));
        return keys;
    }

    private ReadOnlySpan<ulong> Key(int number) => _keys.AsSpan(number * words, words);

    /// <summary>The slot where the key is, or the free one where it goes.</summary>
    private int Find(ReadOnlySpan<ulong> key)
    {
        int mask = _slots.Length - 1, slot = (int)Hash(key) & mask;
        while (_slots[slot] != 0 && !Same(_slots[slot] - 1, key)) slot = (slot + 1) & mask;
        return slot;
    }

    private bool Same(int number, ReadOnlySpan<ulong> key)
    {
        int at = number * words;
        for (int w = 0; w < key.Length; w++)
            if (_keys[at + w] != key[w]) return false;
        return true;
    }

    private void Grow()
    {
        _slots = new int[2 * _slots.Length];
        for (int k = 0; k < _count; k++) _slots[Find(Key(k))] = k + 1;
    }

    private static ulong Hash(ReadOnlySpan<ulong> key)
    {
        ulong hash = 0x9E3779B97F4A7C15;
        foreach (ulong word in key)
        {
            hash ^= word;
            hash = (hash ^ (hash >> 32)) * 0xBF58476D1CE4E5B9; // the bits that differ may be the highest, the slot is the lowest
            hash = (hash ^ (hash >> 29)) * 0x94D049BB133111EB;
            hash ^= hash >> 32;
        }
        return hash;
    }
}
