namespace GenAI.Core.Indexing;

/// <summary>What the index knows of a term.</summary>
internal struct Term
{
    /// <summary>The term's <see cref="Text.TermHash"/>.</summary>
    public ulong Hash;

    /// <summary>The number of texts that have the term.</summary>
    public int Texts;

    /// <summary>The first of the term's blocks in the <see cref="PostingBlockTable"/>; the text itself while there is but one. Of a free term, the next free one.</summary>
    public int First;

    /// <summary>The number of the term's blocks; while there is but one text, the term's frequency in it.</summary>
    public int Blocks;
}

/// <summary>The terms of an index by their hash. A term's number stays the same as long as a text has it.</summary>
/// <remarks>Open addressing with linear probing; the table holds numbers only, the hashes are in the terms.</remarks>
internal sealed class TermTable
{
    private Term[] _terms = new Term[64];
    private int[] _slots = new int[128]; // number + 1; 0 where empty
    private int _used;
    private int _free = -1;

    /// <summary>The number of terms.</summary>
    public int Count { get; private set; }

    /// <summary>Numbers are below this.</summary>
    public int Numbers => _used;

    public ref Term this[int number] => ref _terms[number];

    /// <summary>The number of a term, or -1.</summary>
    public int Find(ulong hash)
    {
        var slots = _slots;
        for (var i = SlotOf(hash); slots[i] != 0; i = (i + 1) & (slots.Length - 1))
        {
            if (_terms[slots[i] - 1].Hash == hash)
                return slots[i] - 1;
        }

        return -1;
    }

    /// <summary>The number of a term, which is added, without texts, if it is new.</summary>
    public int FindOrAdd(ulong hash)
    {
        var slot = SlotOf(hash);
        for (; _slots[slot] != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            if (_terms[_slots[slot] - 1].Hash == hash)
                return _slots[slot] - 1;
        }

        int number;
        if (_free >= 0)
        {
            number = _free;
            _free = _terms[number].First;
        }
        else
        {
            if (_used == _terms.Length)
                Array.Resize(ref _terms, _used * 2);
            number = _used++;
        }

        _terms[number] = new Term { Hash = hash };
        _slots[slot] = number + 1;
        if (++Count * 4L > _slots.Length * 3L)
            Grow();
        return number;
    }

    /// <summary>Takes a term out that no text has any more.</summary>
    public void Remove(int number)
    {
        var mask = _slots.Length - 1;
        var hole = SlotOf(_terms[number].Hash);
        while (_slots[hole] != number + 1) hole = (hole + 1) & mask;

        // Close the gap: move up what probing would not find any more.
        for (var i = (hole + 1) & mask; _slots[i] != 0; i = (i + 1) & mask)
        {
            var home = SlotOf(_terms[_slots[i] - 1].Hash);
            if (((i - home) & mask) >= ((i - hole) & mask))
            {
                _slots[hole] = _slots[i];
                hole = i;
            }
        }

        _slots[hole] = 0;
        _terms[number] = new Term { First = _free };
        _free = number;
        Count--;
    }

    private int SlotOf(ulong hash) => (int)(hash >> 20) & (_slots.Length - 1);

    private void Grow()
    {
        var old = _slots;
        _slots = new int[old.Length * 2];
        foreach (var entry in old)
        {
            if (entry == 0)
                continue;
            var slot = SlotOf(_terms[entry - 1].Hash);
            while (_slots[slot] != 0) slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = entry;
        }
    }
}
