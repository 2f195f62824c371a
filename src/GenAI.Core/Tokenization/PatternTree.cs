namespace GenAI.Core.Tokenization;

/// <summary>A parsed pattern; <see cref="Link"/> makes the steps of the matcher of it, back to front.</summary>
internal abstract class PatternTree
{
    /// <summary>The steps of this part, followed by <paramref name="next"/>.</summary>
    public abstract PatternNode Link(PatternNode next);

    /// <summary>How many code points the part matches, or -1 if that varies.</summary>
    public abstract int FixedLength { get; }

    internal sealed class Set(CharacterSet characters) : PatternTree
    {
        public CharacterSet Characters => characters;

        public override int FixedLength => 1;

        public override PatternNode Link(PatternNode next) => new SetNode(characters, next);
    }

    internal sealed class Anchor(char kind) : PatternTree
    {
        public override int FixedLength => 0;

        public override PatternNode Link(PatternNode next) => new AnchorNode(kind, PatternEscapes.WordSet, next);
    }

    internal sealed class Concatenation(List<PatternTree> parts) : PatternTree
    {
        public override int FixedLength => parts.Any(part => part.FixedLength < 0) ? -1 : parts.Sum(part => part.FixedLength);

        public override PatternNode Link(PatternNode next)
        {
            for (var i = parts.Count - 1; i >= 0; i--)
                next = parts[i].Link(next);
            return next;
        }
    }

    internal sealed class Choice(List<PatternTree> alternatives) : PatternTree
    {
        public override int FixedLength => alternatives.Select(part => part.FixedLength).Distinct().Count() == 1 ? alternatives[0].FixedLength : -1;

        public override PatternNode Link(PatternNode next) => new AlternativesNode([.. alternatives.Select(part => part.Link(next))]);
    }

    internal sealed class Atomic(PatternTree body) : PatternTree
    {
        public override int FixedLength => body.FixedLength;

        public override PatternNode Link(PatternNode next) => new AtomicNode(body.Link(new AcceptNode()), next);
    }

    internal sealed class Look(PatternTree body, bool negative, bool behind) : PatternTree
    {
        public override int FixedLength => 0;

        public override PatternNode Link(PatternNode next)
        {
            if (behind && body.FixedLength < 0)
                throw new FormatException("the expression looks behind for what has no fixed length, which is not supported");
            return new LookNode(body.Link(new AcceptNode()), negative, behind ? body.FixedLength : 0, next);
        }
    }

    internal sealed class Repeat(PatternTree body, int min, int max, LoopKind kind) : PatternTree
    {
        public override int FixedLength => min == max && body.FixedLength >= 0 ? min * body.FixedLength : -1;

        public override PatternNode Link(PatternNode next)
        {
            if (body is Set set)
                return new SetLoopNode(set.Characters, min, max, kind, next);
            if (kind == LoopKind.Possessive)
                return new AtomicNode(new Repeat(body, min, max, LoopKind.Greedy).Link(new AcceptNode()), next);
            if (max == int.MaxValue)
            {
                if (body.Link(new AcceptNode()).Match("", 0) == 0)
                    throw new FormatException("the expression repeats what can be empty, which is not supported");
                var loop = new GroupLoopNode(kind == LoopKind.Lazy, next);
                loop.Body = body.Link(loop);
                next = loop;
            }
            else
            {
                if (max > 1000)
                    throw new FormatException($"the expression repeats a group up to {max} times, which is not supported");
                var after = next;
                for (var i = min; i < max; i++)
                {
                    var taken = body.Link(next);
                    next = new AlternativesNode(kind == LoopKind.Lazy ? [after, taken] : [taken, after]);
                }
            }

            for (var i = 0; i < min; i++)
                next = body.Link(next);
            return next;
        }
    }
}
