using GenAI.Core.Storage;

namespace GenAI.Core.Tests.Storage;

/// <summary>Damaged copies of a folder.</summary>
internal static class Damage
{
    /// <summary>The folder with one bit of a file turned.</summary>
    public static FaultFolder Flip(FaultFolder folder, string name, long bit)
    {
        var bytes = folder[name];
        bytes[bit / 8] ^= (byte)(1 << (int)(bit % 8));
        return With(folder, name, bytes);
    }

    /// <summary>The folder with other bytes in a file.</summary>
    public static FaultFolder With(FaultFolder folder, string name, byte[] bytes)
    {
        var copy = folder.Copy();
        copy[name] = bytes;
        return copy;
    }

    /// <summary>Runs a reader that may refuse a damaged file in the two ways that are allowed, and in no other.</summary>
    /// <returns>What it threw, or null.</returns>
    public static Exception? Refusal(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (Exception error) when (error is CorruptDataException or NotSupportedException)
        {
            return error;
        }
    }
}
